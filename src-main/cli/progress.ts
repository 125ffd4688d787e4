/** Progress of a run: on a terminal a status line that renews itself, elsewhere plain lines. */
import type { LiveFrame } from '@shared/api/live'
import type { Plan } from '@shared/plan/plan'

/** Without a terminal a summary line this often. */
const PLAIN_EVERY_MS = 5_000

export class Progress {
  private readonly terminal = process.stderr.isTTY
  private nextPlainMs = 0
  private drawn = false

  constructor(
    private readonly print: (line: string) => void,
    plan: Plan,
  ) {
    print(`${plan.title}${plan.hypothesis ? `\n${plan.hypothesis}` : ''}`)
  }

  step(step: string): void {
    if (!this.terminal || step === '') return
    this.erase()
    process.stderr.write(`… ${step}`)
    this.drawn = true
  }

  line(atMs: number | null, source: string, text: string): void {
    this.erase()
    const at = atMs === null ? '        ' : `${(atMs / 1000).toFixed(2).padStart(6)} s`
    this.print(`${at}  ${source.padEnd(9)} ${text}`)
  }

  frame(frame: LiveFrame): void {
    if (frame.nowMs < 0 || frame.ended || frame.phase === 'cleanup') return
    const text = statusOf(frame)
    if (this.terminal) {
      this.erase()
      process.stderr.write(text)
      this.drawn = true
    } else if (frame.nowMs >= this.nextPlainMs) {
      this.nextPlainMs = frame.nowMs + PLAIN_EVERY_MS
      this.print(text)
    }
  }

  end(): void {
    this.erase()
  }

  private erase(): void {
    if (this.drawn) process.stderr.write('\r\x1b[2K')
    this.drawn = false
  }
}

function statusOf(frame: LiveFrame): string {
  const availability = frame.load.availability === null ? '–' : `${(frame.load.availability * 100).toFixed(1)} %`
  const p99 = frame.load.p99 === null ? '–' : `${frame.load.p99.toFixed(1)} ms`
  const leader = frame.leader ? `${frame.leader.node} leads term ${frame.leader.term}` : 'no leader'
  const seconds = `${(frame.nowMs / 1000).toFixed(0)}/${(frame.totalMs / 1000).toFixed(0)} s`
  return `${seconds.padStart(8)}  ${frame.phase}  ${frame.state}  ${leader}  ${frame.load.ok} ok/s ${frame.load.fail} fail ${frame.load.unknown} unknown  availability ${availability}  p99 ${p99}`
}
