/** `sim election`: how long a cluster is without a leader after a crash, in virtual time; one table and one curve. */
import type { ParseArgsConfig } from 'node:util'
import { EXIT, LabFailure } from '../../lab/failure'
import { ELECTION_LIMIT_MS, electionResult, electionTimes } from '../../sim/election'
import type { ElectionOptions, ElectionResult, ElectionTimes } from '../../sim/election'
import { outputOf } from '../output'
import type { VerbArguments } from '../verb'

export const electionOptions: NonNullable<ParseArgsConfig['options']> = {
  nodes: { type: 'string' },
  timeout: { type: 'string' },
  broadcast: { type: 'string' },
  trials: { type: 'string' },
  seed: { type: 'string' },
  logs: { type: 'string' },
}

export const electionHelp = [
  '  --nodes N            nodes of the cluster, one of which leads and crashes (default 5)',
  '  --timeout MIN..MAX   range of the election timeouts in ms (default 150..300)',
  '  --broadcast MS       request and answer on the network; one way is half of it ± 10 % (default 15)',
  '  --trials N           how many crashes (default 1000)',
  '  --seed N             equal seeds give equal elections (default 1)',
  '  --logs equal         every survivor can win; without it half of them have shorter logs and can not',
].join('\n')

const MOST_NODES = 15
const MOST_TRIALS = 1_000_000
const LONGEST_TIMEOUT_MS = 60_000
const LONGEST_BROADCAST_MS = 10_000
/** Without a terminal a line of progress this often. */
const PLAIN_EVERY_MS = 5_000
const CURVE_COLUMNS = 60
const LEVELS = ' ▁▂▃▄▅▆▇█'

export async function simElection({ values, json }: VerbArguments): Promise<number> {
  const stray = ['seeds', 'faults', 'keep'].find((name) => values[name] !== undefined)
  if (stray !== undefined) {
    const remedy = '--seed N chooses the chance, --trials N how many crashes'
    throw new LabFailure('usage', `sim election takes no --${stray}`, remedy)
  }
  const options = readOptions(values)
  const out = outputOf(json)
  const startMs = performance.now()
  const times = electionTimes(options, progressOf(options.trials))
  const seconds = Math.round(performance.now() - startMs) / 1000
  const result = electionResult(options, times)
  for (const line of describe(options, result, times)) out.line(line)
  out.line(`${seconds.toFixed(2)} s`)
  out.document({ ...result, seconds })
  return EXIT.held
}

function readOptions(values: VerbArguments['values']): ElectionOptions {
  const logs = values.logs ?? 'handicapped'
  if (logs !== 'equal' && logs !== 'handicapped') throw new LabFailure('usage', `--logs ${logs}: equal or handicapped`)
  return {
    nodes: count('nodes', values.nodes ?? '5', 3, MOST_NODES),
    timeoutMs: range(String(values.timeout ?? '150..300')),
    broadcastMs: milliseconds('broadcast', String(values.broadcast ?? '15'), 0, LONGEST_BROADCAST_MS),
    trials: count('trials', values.trials ?? '1000', 1, MOST_TRIALS),
    seed: count('seed', values.seed ?? '1', 0, Number.MAX_SAFE_INTEGER),
    logs,
  }
}

function count(name: string, text: string | boolean, least: number, most: number): number {
  const value = /^\d+$/.test(String(text)) ? Number(text) : NaN
  if (value >= least && value <= most) return value
  throw new LabFailure('usage', `--${name} ${String(text)}: an integer from ${least} to ${most} is needed`)
}

function milliseconds(name: string, text: string, least: number, most: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (value >= least && value <= most) return value
  throw new LabFailure('usage', `--${name} ${text}: milliseconds from ${least} to ${most} are needed, without a unit`)
}

function range(text: string): [number, number] {
  const ends = text.split('..')
  const example = 'e.g. --timeout 150..300'
  if (ends.length !== 2) throw new LabFailure('usage', `--timeout ${text}: two times in ms are needed`, example)
  const [minMs, maxMs] = ends.map((end) => milliseconds('timeout', end, 1, LONGEST_TIMEOUT_MS)) as [number, number]
  if (minMs > maxMs) throw new LabFailure('usage', `--timeout ${text}: it ends before it starts`, example)
  return [minMs, maxMs]
}

function describe(options: ElectionOptions, result: ElectionResult, times: ElectionTimes): string[] {
  const { nodes, timeoutMs, broadcastMs, logs, seed } = options
  const columns = ['mean', 'p50', 'p90', 'p99', 'max', 'closed form']
  const { mean_ms, p50_ms, p90_ms, p99_ms, max_ms, closed_form_ms } = result
  const figures = [mean_ms, p50_ms, p90_ms, p99_ms, max_ms, closed_form_ms].map((ms) => (ms === null ? '–' : ms.toFixed(1)))
  const row = (cells: string[]) => cells.map((cell, i) => cell.padStart(i === 5 ? 13 : 10)).join('')
  const limit = `${ELECTION_LIMIT_MS / 1000} s`
  return [
    `${nodes} nodes, timeouts ${timeoutMs.join('–')} ms, broadcast ${broadcastMs} ms, ${logs} logs, seed ${seed}`,
    `without a leader after ${result.trials} leader crashes, ms:`,
    row(columns),
    row(figures),
    ...(result.censored > 0 ? [`${result.censored} were not over after ${limit} (virtual) and count with it: lower bounds`] : []),
    ...curve(times),
  ]
}

/** Share of elections that are over by a time; the slowest hundredth would squeeze all others into the left edge. */
function curve({ sortedMs, censored }: ElectionTimes): string[] {
  const ended = sortedMs.length - censored
  if (ended === 0) return []
  const endMs = sortedMs[Math.min(ended, Math.ceil(sortedMs.length * 0.99)) - 1]!
  let over = 0
  const bars = Array.from({ length: CURVE_COLUMNS }, (_, column) => {
    const untilMs = (endMs * (column + 1)) / CURVE_COLUMNS
    while (over < ended && sortedMs[over]! <= untilMs) over++
    return LEVELS[over === 0 ? 0 : Math.max(1, Math.floor((over / sortedMs.length) * (LEVELS.length - 1)))]
  })
  return [`share over by then   |${bars.join('')}|`, `${' '.repeat(21)}0${`${endMs.toFixed(0)} ms`.padStart(CURVE_COLUMNS)}`]
}

/** @returns what tells people on stderr how far it is, where it takes longer than they would wait in silence */
function progressOf(trials: number): (done: number) => void {
  const terminal = process.stderr.isTTY
  const everyMs = terminal ? 200 : PLAIN_EVERY_MS
  let nextMs = performance.now() + everyMs
  let isDrawn = false
  return (done) => {
    const nowMs = performance.now()
    if (done === trials && isDrawn) process.stderr.write('\r\x1b[2K')
    if (nowMs < nextMs || done === trials) return
    nextMs = nowMs + everyMs
    isDrawn = terminal
    process.stderr.write(terminal ? `\r\x1b[2K${done}/${trials} crashes` : `${done}/${trials} crashes\n`)
  }
}
