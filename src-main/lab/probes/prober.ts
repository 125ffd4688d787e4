/** Repeats probes for as long as somebody attends to their targets, and keeps what they read. Bounded in rate and in memory. */
import { setTimeout as delay } from 'node:timers/promises'

export type Failure = 'refused' | 'reset' | 'closed' | 'timeout'
export type Outcome = { value: number } | { failure: Failure }

export interface Reading {
  target: string
  /** when the probe began, ns since the origin */
  atNs: number
  /** null = it failed */
  value: number | null
  failure: Failure | null
}

export type Note = (atNs: number, value: number) => void

export interface Probe {
  /** what its readings are about: a link `n1->n2`, a client path `client-n1`, a node */
  target: string
  /** from one beginning to the next, or longer where one takes longer */
  everyMs: number
  /**
   * Ends by itself, in bounded time, and at once when aborted.
   * @param note takes readings of a probe that reads several before it ends, each with its moment, ns since the origin
   */
  take(signal: AbortSignal, note: Note): Promise<Outcome>
}

const READINGS_MAX = 5_000

interface Attention {
  abort: AbortController
  readings: Reading[]
}

export class Prober {
  private readonly attended = new Map<string, Attention>()

  constructor(private readonly nowNs: () => number) {}

  attend(id: string, probes: readonly Probe[]): void {
    this.release(id)
    const attention: Attention = { abort: new AbortController(), readings: [] }
    this.attended.set(id, attention)
    for (const probe of probes) void this.repeat(probe, attention)
  }

  /** Ends the probes of this id and forgets what they read. */
  release(id: string): void {
    this.attended.get(id)?.abort.abort()
    this.attended.delete(id)
  }

  stop(): void {
    for (const id of this.attended.keys()) this.release(id)
  }

  /** @returns what was read by probes that began since then, oldest first; empty where nobody attends */
  readings(id: string, fromNs = 0, toNs = Infinity): Reading[] {
    return (this.attended.get(id)?.readings ?? []).filter(({ atNs }) => atNs >= fromNs && atNs < toNs)
  }

  private async repeat(probe: Probe, { abort: { signal }, readings }: Attention): Promise<void> {
    const keep = (atNs: number, outcome: Outcome): void => {
      readings.push({ target: probe.target, atNs, value: null, failure: null, ...outcome })
      if (readings.length > READINGS_MAX) readings.shift()
    }
    const note: Note = (atNs, value) => keep(atNs, { value })
    while (!signal.aborted) {
      const atNs = this.nowNs()
      const outcome = await probe.take(signal, note)
      if (signal.aborted) return
      keep(atNs, outcome)
      const restMs = probe.everyMs - (this.nowNs() - atNs) / 1e6
      if (restMs > 0) await delay(restMs, undefined, { signal, ref: false }).catch(() => undefined) // aborted: the loop ends
    }
  }
}
