/** Watches the lab's own processes once a second: CPU, memory, stalls of the engine's loop, a host that was suspended. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { LabSample } from '@shared/run/event'
import type { RunClock } from '../launch/clock'
import { usageOf } from '../launch/usage'

const EVERY_MS = 1_000
const RESOLUTION_MS = 10
/** Wall and monotonic clock part by this much only when the host slept (or somebody set the clock). */
const SUSPENDED_MS = 500

export interface WatchListener {
  sample(sample: LabSample): void
  suspended(skewMs: number): void
}

export class LabWatch {
  private readonly loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  private readonly timer: NodeJS.Timeout
  private skewMs: number

  /** @param others pids of the lab's other processes, asked each time since they may be replaced */
  constructor(
    private readonly clock: RunClock,
    private readonly others: () => Record<string, number | null>,
    private readonly listener: WatchListener,
  ) {
    this.skewMs = clock.skewMs()
    this.loop.enable()
    this.timer = setInterval(() => this.look(), EVERY_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.loop.disable()
  }

  private look(): void {
    const atNs = this.clock.nowNs()
    const { user, system } = process.cpuUsage()
    const loopLagMsMax = Math.max(0, this.loop.max / 1e6 - RESOLUTION_MS)
    this.loop.reset()
    this.listener.sample({ atNs, process: 'engine', cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), loopLagMsMax })
    for (const [name, pid] of Object.entries(this.others())) {
      const usage = pid === null ? null : usageOf(pid)
      if (usage) this.listener.sample({ atNs, process: name, ...usage, loopLagMsMax: null })
    }
    const skewMs = this.clock.skewMs()
    if (Math.abs(skewMs - this.skewMs) > SUSPENDED_MS) this.listener.suspended(skewMs - this.skewMs)
    this.skewMs = skewMs
  }
}
