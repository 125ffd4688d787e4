/**
 * Exactly once: per client the last sequence and its answer. The table is part of the replicated state, so it must be
 * the same on every node: which session is dropped when there are too many follows from the log alone, never from a clock.
 */
import type { Session } from './command'

/** enough for any load generator here; the answers they hold are views into the log */
export const SESSIONS_MAX = 10_000

export type SessionCheck<Answer> =
  | { verdict: 'execute' }
  | { verdict: 'repeat'; answer: Answer }
  | { verdict: 'old-sequence' }
  | { verdict: 'session-expired' }

export class Sessions<Answer> {
  /** least recently used first */
  private readonly byClient = new Map<string, { seq: number; answer: Answer }>()

  constructor(private readonly sessionsMax = SESSIONS_MAX) {}

  /** What to do with a write before it has any effect. A client nobody knows may only begin at 1: it may have been dropped. */
  check(session: Session): SessionCheck<Answer> {
    const known = this.byClient.get(session.client)
    if (known === undefined) return session.seq > 1 ? { verdict: 'session-expired' } : { verdict: 'execute' }
    if (session.seq < known.seq) return { verdict: 'old-sequence' }
    this.touch(session.client, known)
    return session.seq === known.seq ? { verdict: 'repeat', answer: known.answer } : { verdict: 'execute' }
  }

  remember(session: Session, answer: Answer): void {
    this.touch(session.client, { seq: session.seq, answer })
    if (this.byClient.size <= this.sessionsMax) return
    for (const oldest of this.byClient.keys()) {
      this.byClient.delete(oldest)
      break
    }
  }

  get size(): number {
    return this.byClient.size
  }

  private touch(client: string, known: { seq: number; answer: Answer }): void {
    this.byClient.delete(client)
    this.byClient.set(client, known)
  }
}
