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

export interface KnownSession<Answer> {
  client: string
  seq: number
  answer: Answer
}

/** Sessions for a snapshot: those that were used, least recently first, and those that were dropped. */
export interface SessionChanges<Answer> {
  used: KnownSession<Answer>[]
  dropped: string[]
}

interface Known<Answer> {
  seq: number
  answer: Answer
  /** number of the capture it goes with */
  usedIn: number
}

export class Sessions<Answer> {
  /** least recently used first */
  private readonly byClient = new Map<string, Known<Answer>>()
  private droppedClients = new Set<string>()
  private captures = 0

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
    this.touch(session.client, { seq: session.seq, answer, usedIn: 0 })
    if (this.byClient.size <= this.sessionsMax) return
    for (const oldest of this.byClient.keys()) {
      this.byClient.delete(oldest)
      this.droppedClients.add(oldest)
      break
    }
  }

  get size(): number {
    return this.byClient.size
  }

  /** @param everything all sessions, or only what changed since the last capture */
  capture(everything: boolean): SessionChanges<Answer> {
    const used: KnownSession<Answer>[] = []
    for (const [client, { seq, answer, usedIn }] of this.byClient) if (everything || usedIn === this.captures) used.push({ client, seq, answer })
    const dropped = everything ? [] : [...this.droppedClients].filter((client) => !this.byClient.has(client))
    this.droppedClients = new Set()
    this.captures++
    return { used, dropped }
  }

  /** Brings in what a capture holds, so that the order of use is the same as where it was made. */
  adopt({ used, dropped }: SessionChanges<Answer>): void {
    for (const client of dropped) this.byClient.delete(client)
    for (const { client, seq, answer } of used) {
      this.byClient.delete(client)
      this.byClient.set(client, { seq, answer, usedIn: -1 })
    }
  }

  private touch(client: string, known: Known<Answer>): void {
    known.usedIn = this.captures
    this.byClient.delete(client)
    this.byClient.set(client, known)
  }
}
