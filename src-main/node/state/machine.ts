/**
 * The replicated state: keys and values, and the sessions that make writes exactly-once. Pure: the same entries give
 * the same state and the same answers on every node. Values are bytes that were checked to be UTF-8 before they came
 * into the log; they are views into its entries, decoded only where an answer is written.
 */
import type { Entry } from '../../raft/types'
import { decodeCommand, type Command } from './command'
import { Sessions } from './sessions'

export const VALUE_BYTES_MAX = 1024 * 1024

export type Applied =
  | { kind: 'done'; index: number; term: number; prior: Uint8Array | null; swapped: boolean | null }
  /** an append that would make the value larger than allowed; it had no effect */
  | { kind: 'too-large' }
  | { kind: 'old-sequence' }
  | { kind: 'session-expired' }
  /** a no-op, or a command of a version this node does not know */
  | { kind: 'nothing' }

export class StateMachine {
  private readonly values = new Map<string, Uint8Array>()
  private readonly sessions: Sessions<Applied>
  private appliedIndex = 0

  constructor(sessionsMax?: number) {
    this.sessions = new Sessions(sessionsMax)
  }

  /** index of the last entry applied */
  get applied(): number {
    return this.appliedIndex
  }

  get(key: string): Uint8Array | null {
    return this.values.get(key) ?? null
  }

  /** @throws when an entry is skipped or repeated: the log promises each exactly once, in order */
  apply(entry: Entry): Applied {
    if (entry.index !== this.appliedIndex + 1) throw new Error(`state machine: entry ${entry.index} after ${this.appliedIndex}`)
    this.appliedIndex = entry.index
    if (entry.type !== 'command') return { kind: 'nothing' }
    const command = decodeCommand(entry.data)
    if (command === null) return { kind: 'nothing' }
    const { session } = command
    if (session === null) return this.execute(command, entry)
    const check = this.sessions.check(session)
    switch (check.verdict) {
      case 'repeat':
        return check.answer
      case 'old-sequence':
      case 'session-expired':
        return { kind: check.verdict }
      case 'execute': {
        const answer = this.execute(command, entry)
        this.sessions.remember(session, answer)
        return answer
      }
    }
  }

  private execute(command: Command, { index, term }: Entry): Applied {
    const { key, value } = command
    const prior = this.values.get(key) ?? null
    const done: Applied = { kind: 'done', index, term, prior, swapped: null }
    switch (command.op) {
      case 'put':
        this.values.set(key, value)
        return done
      case 'delete':
        this.values.delete(key)
        return done
      case 'append':
        if ((prior?.length ?? 0) + value.length > VALUE_BYTES_MAX) return { kind: 'too-large' }
        this.values.set(key, prior === null ? value : Buffer.concat([prior, value]))
        return done
      case 'cas': {
        const swapped = areEqual(prior, command.expect)
        if (swapped) this.values.set(key, value)
        return { ...done, swapped }
      }
    }
  }
}

function areEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}
