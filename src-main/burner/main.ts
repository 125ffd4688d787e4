/** Entry of a burner: a process that takes processor time, and tells how much of it it got. It does nothing else. */
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { BURNER_CONFIG_ENV, type BurnerConfig, type BurnerReport } from './child'

const PERIOD_MS = 100
const REPORT_MS = 200

if (isMainThread) start(JSON.parse(process.env[BURNER_CONFIG_ENV] ?? 'null') as BurnerConfig)
else burn((workerData as BurnerConfig).share)

function start(config: BurnerConfig): void {
  process.on('disconnect', () => process.exit(0))
  const threads = Array.from({ length: config.cores }, () => new Worker(new URL(import.meta.url), { workerData: config }))
  for (const thread of threads) thread.on('error', (error) => { throw error })
  let since = { cpu: process.cpuUsage(), ms: performance.now() }
  setInterval(() => {
    const { user, system } = process.cpuUsage(since.cpu)
    const nowMs = performance.now()
    process.send?.({ type: 'burned', cpuMs: (user + system) / 1_000, elapsedMs: nowMs - since.ms } satisfies BurnerReport)
    since = { cpu: process.cpuUsage(), ms: nowMs }
  }, REPORT_MS)
}

/** Busy by the clock, not by the time it got: who competes with it takes his part of the busy time. */
function burn(share: number): never {
  const never = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    const begunMs = performance.now()
    while (performance.now() - begunMs < share * PERIOD_MS);
    Atomics.wait(never, 0, 0, PERIOD_MS - (performance.now() - begunMs))
  }
}
