/**
 * What a live run looked like until now: bins, leadership, preflight steps. Kept outside reactivity; whoever draws
 * reads it once an animation frame.
 */
import type { LiveFrame } from '@shared/api/live'
import type { Span } from '@shared/run/report'
import { BinRing } from '../charts/ring'

export const WINDOW_MS = 60_000
export const BIN_MS = 200
const SPANS_MAX = 500
const STEPS_MAX = 40
const LOG_MAX = 500

export interface Step {
  text: string
  startedAtMs: number
  tookMs: number | null
}

export type LogLine = LiveFrame['log'][number] & { key: number }

export class LiveHistory {
  readonly bins = new BinRing(WINDOW_MS / BIN_MS + 20)
  leadership: Span<'led' | 'none'>[] = []
  steps: Step[] = []
  log: LogLine[] = []
  #run: string | null = null
  #logKey = 0

  /** @param arrivedAtMs when the frame came, on the page's own clock */
  add(frame: LiveFrame, arrivedAtMs: number): void {
    if (frame.run !== this.#run) this.#begin(frame.run)
    for (const bin of frame.bins) this.bins.push(bin)
    this.#addLeadership(frame)
    if (frame.phase === 'preflight') this.#addStep(frame.step, arrivedAtMs)
    else this.#closeStep(arrivedAtMs)
    if (frame.log.length > 0) {
      const lines = frame.log.map((line) => ({ ...line, key: this.#logKey++ }))
      this.log = [...this.log, ...lines].slice(-LOG_MAX)
    }
  }

  #begin(run: string): void {
    this.#run = run
    this.bins.clear()
    this.leadership = []
    this.steps = []
    this.log = []
  }

  #addLeadership({ nowMs, leader, phase }: LiveFrame): void {
    if (phase === 'preflight' || phase === 'cleanup') return
    const state = leader ? 'led' : 'none'
    const label = leader ? `${leader.node} · ${leader.term}` : ''
    const last = this.leadership.at(-1)
    if (last) last.toMs = nowMs
    if (last?.state === state && last.label === label) return
    this.leadership.push({ fromMs: last?.toMs ?? nowMs, toMs: nowMs, state, label })
    if (this.leadership.length > SPANS_MAX) this.leadership.shift()
  }

  #addStep(text: string, atMs: number): void {
    if (this.steps.at(-1)?.text === text || this.steps.length >= STEPS_MAX) return
    this.#closeStep(atMs)
    this.steps = [...this.steps, { text, startedAtMs: atMs, tookMs: null }]
  }

  #closeStep(atMs: number): void {
    const last = this.steps.at(-1)
    if (!last || last.tookMs !== null) return
    this.steps = [...this.steps.slice(0, -1), { ...last, tookMs: atMs - last.startedAtMs }]
  }
}
