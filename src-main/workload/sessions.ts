/**
 * Client ids, one for each operation in flight. A node remembers a client's last write by (id, Seq) and answers a
 * repeated Seq from memory, so an id is given on only when it is certain what the node remembers of it.
 */

export interface ClientSession {
  readonly id: string
  /** the `Faultline-Seq` of this client's next write, from 1 */
  seq: number
}

/** kept: its present seq is still unused · executed: it was used · lost: nobody can tell, or the node refused the session */
export type SessionFate = 'kept' | 'executed' | 'lost'

export class Sessions {
  private readonly free: ClientSession[] = []
  private made = 0

  /** @param prefix of every id: groups must not share one */
  constructor(private readonly prefix: string) {}

  take(): ClientSession {
    return this.free.pop() ?? { id: `${this.prefix}c${++this.made}`, seq: 1 }
  }

  /** A Seq that was not executed is used again: a session that does not exist yet must begin with 1. */
  giveBack(session: ClientSession, fate: SessionFate): void {
    if (fate === 'lost') return
    if (fate === 'executed') session.seq++
    this.free.push(session)
  }
}
