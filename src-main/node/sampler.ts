/** What the node says about itself five times a second: state, cost, delays of its loop and of its disk, and its links. */
import type { NodeSample } from '@shared/run/event'
import type { Clocks } from './clocks'
import type { Driver } from './driver'
import { LoopLag } from './loop-lag'
import type { Transport } from './peers/transport'
import type { Wal } from './storage/wal'

const SAMPLE_MS = 200

export class Sampler {
  private readonly loopLag = new LoopLag()
  private fsyncs = 0
  private fsyncMsMax = 0
  private fsyncMsSum = 0
  private timer: NodeJS.Timeout | null = null

  constructor(
    private readonly id: string,
    private readonly boot: string,
    private readonly clocks: Clocks,
    private readonly driver: Driver,
    private readonly wal: Wal,
    private readonly transport: Transport,
    private readonly onSample: (sample: NodeSample) => void,
  ) {}

  start(): void {
    this.loopLag.start()
    this.timer = setInterval(() => this.onSample(this.take()), SAMPLE_MS)
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.loopLag.stop()
  }

  synced(durationMs: number): void {
    this.fsyncs++
    this.fsyncMsSum += durationMs
    this.fsyncMsMax = Math.max(this.fsyncMsMax, durationMs)
  }

  private take(): NodeSample {
    const { role, term, leader, commit, applied, last, durable } = this.driver.status()
    const { user, system } = process.cpuUsage()
    const links = this.transport.state()
    this.driver.observeRoundTrips(links)
    const { truth, monotonic, timers } = this.clocks
    const atNs = truth.nowNs()
    const sample: NodeSample = {
      atNs,
      node: this.id,
      boot: this.boot,
      role,
      term,
      leader,
      commit,
      applied,
      last,
      durable,
      cpuMs: (user + system) / 1000,
      rssBytes: process.memoryUsage.rss(),
      loopLagMsMax: this.loopLag.takeMsMax(),
      fsyncs: this.fsyncs,
      fsyncMsMax: this.fsyncMsMax,
      fsyncMsSum: this.fsyncMsSum,
      fsyncPendingMs: this.wal.pendingMs(),
      wallMs: this.clocks.wallMs(),
      monotonicNs: monotonic.at(atNs),
      timersNs: timers.at(atNs),
      pending: this.driver.writes.size,
      links: links.map(({ peer, connected, rttMs, sent, received, lastReceivedMs, gaps, duplicates, overtaken }) => ({
        peer,
        connected,
        rttMs,
        readings: this.transport.takeReadings(peer),
        sent,
        received,
        gaps,
        duplicates,
        overtaken,
        lastReceivedNs: lastReceivedMs === null ? null : monotonic.trueNs(lastReceivedMs),
      })),
    }
    this.fsyncMsMax = 0
    return sample
  }
}
