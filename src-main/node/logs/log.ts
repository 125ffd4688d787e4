/**
 * What a node writes down for a person: JSON lines with `ts`, `level`, `msg` (the kind of message) and `node`. Lines wait in a bounded queue and are
 * written together now and then, so that neither a slow file nor a chatty moment costs a request anything.
 */
import { RateLimit } from './rate-limit'

export type Level = 'info' | 'warning' | 'error'

const QUEUE_LINES_MAX = 1_000
const FLUSH_MS = 100

export interface LogOptions {
  node: string
  /** ns since the run's origin */
  nowNs: () => number
  /** wall time, ms since 1970 */
  wallMs: () => number
  write: (text: string, done: () => void) => void
  /** for the end of the process, when nothing comes later */
  writeNow: (text: string) => void
}

export class NodeLog {
  private readonly limit = new RateLimit()
  private queue: string[] = []
  private dropped = 0
  private isWriting = false
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly options: LogOptions) {}

  /** @param fields what else belongs to it; `kind` is one of a few fixed words */
  line(level: Level, kind: string, fields: Record<string, unknown> = {}): void {
    const suppressed = this.limit.admit(kind, this.options.nowNs() / 1e6)
    if (suppressed === null) return this.schedule()
    this.push(level, kind, suppressed > 0 ? { ...fields, suppressed } : fields)
    this.schedule()
  }

  /** Writes what waits, at once. */
  flushNow(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const text = this.take()
    if (text !== '') this.options.writeNow(text)
  }

  private push(level: Level, kind: string, fields: Record<string, unknown>): void {
    if (this.queue.length >= QUEUE_LINES_MAX) {
      this.dropped++
      return
    }
    const { node, nowNs, wallMs } = this.options
    this.queue.push(JSON.stringify({ ts: new Date(wallMs()).toISOString(), at_ns: nowNs(), level, msg: kind, node, ...fields }))
  }

  private schedule(): void {
    if (this.timer !== null || this.isWriting) return
    this.timer = setTimeout(() => this.flush(), FLUSH_MS)
    this.timer.unref()
  }

  private flush(): void {
    this.timer = null
    const text = this.take()
    if (text === '') return
    this.isWriting = true
    this.options.write(text, () => {
      this.isWriting = false
      if (this.queue.length > 0) this.schedule()
    })
  }

  private take(): string {
    const { dropped } = this
    this.dropped = 0
    const lines = this.queue
    this.queue = []
    for (const { kind, suppressed } of this.limit.takeSuppressed()) this.push('warning', 'suppressed', { of: kind, suppressed })
    if (dropped > 0) this.push('warning', 'dropped', { lines: dropped })
    lines.push(...this.queue)
    this.queue = []
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }
}
