/**
 * How many writes a second three nodes commit, fsync on, without proxies: `npm run bench [-- --json]`. Starts its own
 * cluster, loads it with 64 and 256 clients by turns, prints each round's median, ends what it started. Under a minute.
 * It states what it saw and judges nothing: the numbers are this machine's at this moment.
 */
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { closedLoop } from './closed-loop.mjs'

const CLIENTS = [64, 256]
const ROUNDS = 3
const WARM_UP_MS = 1_500
const MEASURE_MS = 4_000
const VALUE_BYTES = 128
const READY_MS = 30_000

const isJson = process.argv.includes('--json')
const cluster = await up()
try {
  const seen = new Map(CLIENTS.map((clients) => [clients, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const clients of CLIENTS) {
      const { latenciesMs, failed, cpuShare } = await closedLoop({
        leaderPort: () => leaderPort(cluster.nodes),
        clients,
        warmUpMs: WARM_UP_MS,
        measureMs: MEASURE_MS,
        valueBytes: VALUE_BYTES,
      })
      seen.get(clients).push({
        writes_per_s: Math.round(latenciesMs.length / (MEASURE_MS / 1_000)),
        p50_ms: quantile(latenciesMs, 0.5),
        p99_ms: quantile(latenciesMs, 0.99),
        failed,
        load_cpu_share: Number(cpuShare.toFixed(2)),
      })
    }
  }
  print(CLIENTS.map((clients) => ({ clients, ...medians(seen.get(clients)), rounds: seen.get(clients) })))
} finally {
  await cluster.stop()
}

/** The product's own cluster, as anybody would start it. */
async function up() {
  const cli = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))
  const child = spawn(process.execPath, [cli, 'up', '--direct', '--nodes', '3'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  const line = await new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`no cluster within ${READY_MS / 1_000} s`)), READY_MS)
    createInterface({ input: child.stdout }).once('line', (text) => {
      clearTimeout(giveUp)
      resolve(text)
    })
    void ended.then((code) => reject(new Error(`the cluster ended with ${code} before it was ready`)))
  }).catch(async (error) => {
    await stop()
    throw error
  })
  return { nodes: JSON.parse(line).nodes, stop }
}

/** Asks all, and asks again while there is none: an election takes a moment. */
async function leaderPort(nodes) {
  const giveUpAt = performance.now() + READY_MS
  while (performance.now() < giveUpAt) {
    for (const { http } of nodes) {
      const { role } = await (await fetch(`${http}/status`)).json()
      if (role === 'leader') return Number(new URL(http).port)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no leader within ${READY_MS / 1_000} s`)
}

/** Nearest rank. @param {Float64Array} sorted */
function quantile(sorted, q) {
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
  return value === undefined ? null : Number(value.toFixed(2))
}

/** The middle round by each figure: one slow moment of the machine decides nothing. Failures are added up. */
function medians(rounds) {
  const middle = (of) => rounds.map(of).sort((a, b) => a - b)[Math.floor(rounds.length / 2)]
  return {
    writes_per_s: middle((round) => round.writes_per_s),
    p50_ms: middle((round) => round.p50_ms),
    p99_ms: middle((round) => round.p99_ms),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    load_cpu_share: middle((round) => round.load_cpu_share),
  }
}

function print(results) {
  const setting = { nodes: 3, value_bytes: VALUE_BYTES, rounds: ROUNDS, measure_ms: MEASURE_MS, node: process.version, cores: cpus().length }
  if (isJson) return say(JSON.stringify({ ...setting, results }))
  say(`three nodes, fsync on, ${VALUE_BYTES}-byte values, closed loop; medians of ${ROUNDS} rounds on ${setting.cores} cores, Node ${process.version}`)
  for (const { clients, writes_per_s, p50_ms, p99_ms, failed, load_cpu_share } of results) {
    const latency = `p50 ${p50_ms} ms   p99 ${p99_ms} ms`
    const load = `(failed ${failed}, the load took ${Math.round(load_cpu_share * 100)} % of a core)`
    say(`${String(clients).padStart(4)} clients   ${String(writes_per_s).padStart(6)} writes/s   ${latency}   ${load}`)
  }
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
