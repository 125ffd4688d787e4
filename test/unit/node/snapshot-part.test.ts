import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCommand, type CommandOp } from '../../../src-main/node/state/command'
import { StateMachine, type Capture } from '../../../src-main/node/state/machine'
import { decodePart, encodePart } from '../../../src-main/node/state/part'
import type { Entry } from '../../../src-main/raft/types'

const SESSIONS_MAX = 3

interface Write {
  op: CommandOp
  key: string
  value: string
  expect: string | null
  client: string | null
  seq: number
}

const writes = fc.array(
  fc.record<Write>({
    op: fc.constantFrom('put', 'delete', 'cas', 'append'),
    key: fc.constantFrom('a', 'b', 'ключ', '\u{1f40e}'),
    value: fc.constantFrom('', 'x', 'long '.repeat(50)),
    expect: fc.constantFrom(null, 'x', ''),
    client: fc.constantFrom(null, 'c1', 'c2', 'c3', 'c4', 'c5'),
    seq: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 80 },
)

function entryOf({ op, key, value, expect, client, seq }: Write, index: number): Entry {
  const session = client === null ? null : { client, seq }
  const wanted = op === 'cas' && expect !== null ? Buffer.from(expect) : null
  const data = encodeCommand({ op, key, value: Buffer.from(op === 'delete' ? '' : value), expect: wanted, session })
  return { index, term: 1 + Math.floor(index / 10), type: 'command', data }
}

function recoded(capture: Capture): Capture {
  const part = decodePart(Buffer.concat([...encodePart(capture)]))
  if (typeof part === 'string') throw new Error(part)
  return part
}

describe('a state machine rebuilt from a chain of captures', () => {
  it('answers everything that comes later as the one they were taken of, sessions and their order included', () => {
    fc.assert(
      fc.property(writes, fc.array(fc.nat(80), { maxLength: 4 }), writes, (before, cuts, after) => {
        const original = new StateMachine(SESSIONS_MAX)
        const chain: Capture[] = [recoded(original.capture('full'))]
        for (const [i, write] of before.entries()) {
          if (cuts.includes(i)) chain.push(recoded(original.capture('changes')))
          original.apply(entryOf(write, i + 1))
        }
        chain.push(recoded(original.capture('changes')))
        const full = recoded(original.capture('full'))
        for (const rebuilt of [StateMachine.from(chain, SESSIONS_MAX), StateMachine.from([full], SESSIONS_MAX)]) {
          expect([rebuilt.applied, rebuilt.appliedTerm]).toEqual([original.applied, original.appliedTerm])
          expect(sorted(rebuilt.capture('full'))).toEqual(sorted(full))
        }
        const rebuilt = StateMachine.from(chain, SESSIONS_MAX)
        for (const [i, write] of after.entries()) {
          const entry = entryOf(write, before.length + 1 + i)
          expect(plain(rebuilt.apply(entry))).toEqual(plain(original.apply(entry)))
        }
        const [a, b] = [rebuilt.capture('changes'), original.capture('changes')]
        expect(sorted(recoded(a))).toEqual(sorted(recoded(b)))
      }),
    )
  })

  it('has captures of changes that hold only what changed', () => {
    const machine = new StateMachine()
    const put = (index: number, key: string) =>
      machine.apply(entryOf({ op: 'put', key, value: 'v', expect: null, client: `c${index}`, seq: 1 }, index))
    put(1, 'a')
    put(2, 'b')
    machine.capture('full')
    put(3, 'b')
    const { keys, sessions } = machine.capture('changes')
    expect(keys.map(([key]) => key)).toEqual(['b'])
    expect(sessions.used.map(({ client }) => client)).toEqual(['c3'])
  })

  it('is refused when the chain is none', () => {
    const machine = new StateMachine()
    const [full, changes] = [machine.capture('full'), machine.capture('changes')]
    expect(() => StateMachine.from([changes])).toThrow('part 1 of a chain is changes')
    expect(() => StateMachine.from([full, full])).toThrow('part 2 of a chain is full')
    expect(() => StateMachine.from([{ ...full, index: 5 }, changes])).toThrow('older than the one before')
  })
})

describe('a part', () => {
  const part = () => {
    const machine = new StateMachine()
    const value = 'x'.repeat(300_000)
    for (let i = 1; i <= 5; i++) machine.apply(entryOf({ op: 'put', key: `k${i % 3}`, value, expect: null, client: `c${i}`, seq: 1 }, i))
    return [...encodePart(machine.capture('full'))]
  }

  it('comes in pieces', () => expect(part().length).toBeGreaterThan(3))

  it('cut anywhere, or with something behind it, is refused', () => {
    const bytes = Buffer.concat(part())
    expect(typeof decodePart(bytes)).toBe('object')
    expect(decodePart(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatch(/1 bytes behind the end/)
    for (let length = 0; length < bytes.length; length += length < 100 || length > bytes.length - 100 ? 1 : 9_973) {
      expect(typeof decodePart(bytes.subarray(0, length))).toBe('string')
    }
  })

  it('of random bytes behind a right head is refused or read, never more', () => {
    const head = Buffer.concat(part()).subarray(0, 26)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => ['string', 'object'].includes(typeof decodePart(Buffer.concat([head, bytes])))))
  })
})

/** keys come in the order of their first write or in that of their change; only the sessions' order means something */
function sorted({ kind: _, ...capture }: Capture): unknown {
  return plain({ ...capture, keys: capture.keys.toSorted(([a], [b]) => (a < b ? -1 : 1)) })
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item: unknown) => (item instanceof Uint8Array ? Buffer.from(item).toString('hex') : bufferJson(item))))
}

/** Buffers have turned into their own JSON before a replacer sees them. */
function bufferJson(item: unknown): unknown {
  const { type, data } = (item ?? {}) as { type?: string; data?: number[] }
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data).toString('hex') : item
}
