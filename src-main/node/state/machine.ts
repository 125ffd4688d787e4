/**
 * The replicated state: keys and values, and the sessions that make writes exactly-once. Pure: the same entries give
 * the same state and the same answers on every node. Values are bytes that were checked to be UTF-8 before they came
 * into the log; they are views into its entries, decoded only where an answer is written.
 */
import type { Entry } from '../../raft/types'
import { decodeCommand, type Command } from './command'
import { Sessions, type SessionChanges } from './sessions'

export const VALUE_BYTES_MAX = 1024 * 1024

export type Applied =
  | { kind: 'done'; index: number; term: number; prior: Uint8Array | null; swapped: boolean | null }
  /** an append that would make the value larger than allowed; it had no effect */
  | { kind: 'too-large' }
  | { kind: 'old-sequence' }
  | { kind: 'session-expired' }
  /** a no-op, or a command of a version this node does not know */
  | { kind: 'nothing' }

/** The state at one moment, or what changed in it since the capture before; values are shared, since nobody ever changes one. */
export interface Capture {
  kind: 'full' | 'changes'
  /** the last entry applied */
  index: number
  term: number
  /** null: the key is gone */
  keys: [key: string, value: Uint8Array | null][]
  sessions: SessionChanges<Applied>
}

export class StateMachine {
  private readonly values = new Map<string, Uint8Array>()
  private readonly sessions: Sessions<Applied>
  private appliedIndex = 0
  private appliedTermNow = 0
  /** keys written or deleted since the last capture */
  private changed = new Set<string>()

  constructor(sessionsMax?: number) {
    this.sessions = new Sessions(sessionsMax)
  }

  /** index of the last entry applied */
  get applied(): number {
    return this.appliedIndex
  }

  /** term of the last entry applied */
  get appliedTerm(): number {
    return this.appliedTermNow
  }

  /** keys there are, and those that changed since the last capture */
  get size(): { keys: number; changed: number } {
    return { keys: this.values.size, changed: this.changed.size }
  }

  /** Takes the state for a snapshot, at once; writing it down may take its time. The next one's changes count from here. */
  capture(kind: Capture['kind']): Capture {
    const keys: Capture['keys'] = kind === 'full' ? [...this.values] : Array.from(this.changed, (key) => [key, this.values.get(key) ?? null])
    this.changed = new Set()
    return { kind, index: this.appliedIndex, term: this.appliedTermNow, keys, sessions: this.sessions.capture(kind === 'full') }
  }

  /**
   * A state machine that stands where a chain of captures ends.
   *
   * @param chain a full one, then changes, each made after the one before
   * @throws when it is no such chain
   */
  static from(chain: readonly Capture[], sessionsMax?: number): StateMachine {
    const machine = new StateMachine(sessionsMax)
    for (const [i, capture] of chain.entries()) {
      if ((capture.kind === 'full') !== (i === 0)) throw new Error(`state machine: part ${i + 1} of a chain is ${capture.kind}`)
      if (capture.index < machine.appliedIndex) throw new Error(`state machine: part ${i + 1} of a chain is older than the one before`)
      for (const [key, value] of capture.keys) {
        if (value === null) machine.values.delete(key)
        else machine.values.set(key, value)
      }
      machine.sessions.adopt(capture.sessions)
      machine.appliedIndex = capture.index
      machine.appliedTermNow = capture.term
    }
    return machine
  }

  get(key: string): Uint8Array | null {
    return this.values.get(key) ?? null
  }

  /** @throws when an entry is skipped or repeated: the log promises each exactly once, in order */
  apply(entry: Entry): Applied {
    if (entry.index !== this.appliedIndex + 1) throw new Error(`state machine: entry ${entry.index} after ${this.appliedIndex}`)
    this.appliedIndex = entry.index
    this.appliedTermNow = entry.term
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
        this.set(key, value)
        return done
      case 'delete':
        if (this.values.delete(key)) this.changed.add(key)
        return done
      case 'append':
        if ((prior?.length ?? 0) + value.length > VALUE_BYTES_MAX) return { kind: 'too-large' }
        this.set(key, prior === null ? value : Buffer.concat([prior, value]))
        return done
      case 'cas': {
        const swapped = areEqual(prior, command.expect)
        if (swapped) this.set(key, value)
        return { ...done, swapped }
      }
    }
  }

  private set(key: string, value: Uint8Array): void {
    this.values.set(key, value)
    this.changed.add(key)
  }
}

function areEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}
