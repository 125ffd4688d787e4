/** What a simulated client asks next: drawn from its seed and from what it has seen, under its session. */
import { drawIndex } from '@shared/stats/random'
import type { Operation, OperationKind } from '@shared/run/operation'
import { type Command, encodeCommand } from '../node/state/command'
import type { ClientPlan } from './plan'

export class Asking {
  #session = 0
  #seq = 0
  #values = 0
  /** what each key last held, as far as this client knows: a cas that expects it has a chance */
  readonly #seen = new Map<string, string | null>()

  constructor(
    private readonly name: string,
    private readonly plan: ClientPlan,
    private readonly random: () => number,
  ) {}

  /** @returns the operation, and what it puts into the log: the same bytes for every attempt; null for a read */
  next(startNs: number): { operation: Operation; data: Uint8Array | null } {
    const key = `k${drawIndex(this.random, this.plan.keys)}`
    const op = this.#drawOp()
    const operation: Operation = { client: this.name, key, op, outcome: 'unknown', start_ns: startNs, end_ns: null }
    if (op !== 'get' && op !== 'delete') operation.value = `${this.name}.${++this.#values};`
    if (op === 'cas') operation.expect = this.#seen.get(key) ?? null
    return { operation, data: op === 'get' ? null : encodeCommand(this.#command(operation)) }
  }

  /** The old session is gone. */
  beginSession(): void {
    this.#session++
    this.#seq = 0
  }

  read(key: string, value: string | null): void {
    this.#seen.set(key, value)
  }

  wrote({ op, key, value, prior, swapped }: Operation): void {
    const before = prior ?? null
    const written = value ?? null
    if (op === 'append') this.#seen.set(key, (before ?? '') + (written ?? ''))
    else this.#seen.set(key, op === 'cas' && swapped !== true ? before : written)
  }

  #drawOp(): OperationKind {
    const draw = this.random()
    if (draw < 0.3) return 'get'
    if (draw < 0.6) return 'put'
    if (draw < 0.75) return 'cas'
    return draw < 0.92 ? 'append' : 'delete'
  }

  #command({ key, op, value, expect }: Operation): Command {
    const isExpecting = op === 'cas' && expect !== null && expect !== undefined
    return {
      op: op as Command['op'],
      key,
      value: Buffer.from(value ?? ''),
      expect: isExpecting ? Buffer.from(expect) : null,
      session: this.plan.sessions ? { client: `${this.name}/${this.#session}`, seq: ++this.#seq } : null,
    }
  }
}
