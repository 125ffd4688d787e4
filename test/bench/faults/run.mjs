/**
 * What network faults were asked to be and what was seen of them, on real processes: `node test/bench/faults/run.mjs`.
 * Performs two plans with the built lab, prints the table, and with --write puts it into the handbook. Three minutes.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const PLANS = ['network.yaml', 'frames.yaml']
/** A size is what was asked when it is this close: whichever is more. */
const [WITHIN_SHARE, WITHIN_MS] = [0.05, 2]

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const [CLI, PAGE] = [here('../../../out/main/cli.js'), here('../../../resources/handbook/faults-measured.md')]

const data = mkdtempSync(join(tmpdir(), 'faultline-bench-'))
try {
  const runs = []
  for (const name of PLANS) {
    const file = here(name)
    const loadBefore = loadavg()[0]
    const report = await perform(file)
    runs.push({ name, report, entries: parse(readFileSync(file, 'utf8')).timeline, load: [loadBefore, loadavg()[0]] })
  }
  const text = `${runs.map(conditions).join('\n')}\n\n${table(runs)}`
  process.stdout.write(`${text}\n`)
  if (process.argv.includes('--write')) writeFileSync(PAGE, replaced(readFileSync(PAGE, 'utf8'), 'figures', text))
} finally {
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
}

async function perform(plan) {
  const child = spawn(process.execPath, [CLI, 'run', plan, '--json'], { env: { ...process.env, FAULTLINE_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const report = out.startsWith('{') ? JSON.parse(out) : null
  if (report?.end !== 'COMPLETED') throw new Error(`${plan} ended with ${code}: ${report?.error?.message ?? report?.end ?? out}`)
  return report
}

function conditions({ name, report, load }) {
  const { host, fidelity, linearizable, lost_writes, cleanup } = report
  const loads = load.map((value) => value.toFixed(1)).join(' before, ')
  const stalls = `requests sent ${ms(fidelity.send_lag_ms_p99)} late (p99), engine stalled for ${ms(fidelity.engine_stall_ms_max)} at most`
  const kept = `linearizable ${linearizable.verdict}, ${lost_writes} writes lost, ${cleanup.done} of ${cleanup.of} cleaned up`
  const machine = `${host.cores} cores (${host.cpu}), ${host.os}, Node ${host.node}, Toxiproxy ${host.toxiproxy}`
  return `- \`${name}\`, ${new Date().toISOString().slice(0, 10)}: ${machine}; load average ${loads} after; ${stalls}; ${kept}.`
}

function table(runs) {
  const rows = runs.flatMap(({ report, entries }) =>
    entries.map((entry) => row(entry, report.faults.find(({ id }) => id === entry.id))),
  )
  const missed = rows.filter(({ isWithin }) => !isWithin).length
  const head = ['| fault | on | asked | seen | n | within |', '|---|---|---|---|---|---|']
  const sum = `${rows.length - missed} of ${rows.length} within ${WITHIN_SHARE * 100} % or ${WITHIN_MS} ms of what was asked.`
  return [...head, ...rows.map(({ cells }) => `| ${cells.join(' | ')} |`), '', sum].join('\n')
}

function row({ id, fault, target, path, ...rest }, { effective_ms, size }) {
  const words = Object.entries(rest).filter(([name]) => !['at', 'for'].includes(name)).map(([name, value]) => `${name} ${value}`)
  const on = path === 'client' ? `client path of ${target}` : target.replaceAll('*', String.raw`\*`)
  const what = [`${fault}${words.length > 0 ? `: ${words.join(', ')}` : ''}`, on]
  if (effective_ms === null || !size) return { isWithin: false, cells: [...what, '', effective_ms === null ? `${id} was not seen` : 'not measured', '', 'no'] }
  const { what: measured, asked, seen, spread, n, unit } = size
  const isWithin = Math.abs(seen - asked) <= Math.max(WITHIN_SHARE * asked, unit === 'ms' ? WITHIN_MS : 0)
  const interval = spread === null ? '' : ` ± ${figure(spread)}`
  return { isWithin, cells: [...what, `${asked} ${unit}`.trim(), `${figure(seen)}${interval} ${unit}`.trim() + ` (${measured})`, n, isWithin ? 'yes' : 'no'] }
}

function figure(value) {
  return String(Number(value.toPrecision(value >= 100 ? 4 : 3)))
}

function ms(value) {
  return value === null ? 'not known' : `${figure(value)} ms`
}

function replaced(page, name, content) {
  const [from, to] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`]
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${PAGE} has no ${from.trim()} … ${to}`)
  return `${page.slice(0, start + from.length)}${content}\n${page.slice(end)}`
}
