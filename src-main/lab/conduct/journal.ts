/** What a run tells: every event goes to the records, to the live view and, as a sentence, to whoever listens. */
import type { LiveFrame } from '@shared/api/live'
import type { Phase, RunEvent } from '@shared/run/event'
import { sentenceOf } from '../judge/sentences'
import type { RunClock } from '../launch/clock'
import { type LiveSource, LiveView } from './live'
import type { Recorder } from './recorder'

export interface JournalListener {
  onFrame?: (frame: LiveFrame) => void
  /** what happens, one line each: ms since load start (null before it), who, what */
  onLine?: (atMs: number | null, source: string, text: string) => void
  /** what is being done now */
  onStep?: (step: string) => void
}

export class Journal {
  private readonly live: LiveView
  private recorder: Recorder | null = null

  constructor(
    private readonly clock: RunClock,
    private readonly source: LiveSource,
    private readonly listener: JournalListener,
  ) {
    this.live = new LiveView(source)
  }

  /** From here on everything is stored. */
  recordTo(recorder: Recorder): void {
    this.recorder = recorder
  }

  event(event: RunEvent): void {
    this.recorder?.event(event)
    this.tell(event)
  }

  /** On the disk when it returns. */
  eventNow(event: RunEvent): void {
    this.recorder?.eventNow(event)
    this.tell(event)
  }

  note(level: 'info' | 'warning' | 'error', text: string): void {
    this.event({ atNs: this.clock.nowNs(), kind: 'note', level, text })
  }

  phase(phase: Phase): void {
    this.source.phase = phase
    this.event({ atNs: this.clock.nowNs(), kind: 'phase', phase })
  }

  step(step: string): void {
    this.source.step = step
    this.listener.onStep?.(step)
  }

  frame(ended: LiveFrame['ended']): void {
    this.listener.onFrame?.(this.live.frame(this.clock.nowNs(), ended))
  }

  private tell(event: RunEvent): void {
    const sentence = sentenceOf(event, this.source.plan)
    if (sentence === null) return
    const { source, text } = sentence
    this.live.note(event.atNs, source, text)
    const { loadStartNs } = this.source
    this.listener.onLine?.(loadStartNs === null ? null : (event.atNs - loadStartNs) / 1e6, source, text)
  }
}
