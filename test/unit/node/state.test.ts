import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCommand, encodeCommand, type Command, type Session } from '../../../src-main/node/state/command'
import { StateMachine, VALUE_BYTES_MAX, type Applied } from '../../../src-main/node/state/machine'
import type { Entry } from '../../../src-main/raft/types'

describe('commands', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
  const bytes = fc.uint8Array({ maxLength: 60 })
  const session = fc.record({ client: fc.string({ maxLength: 20 }), seq: fc.maxSafeNat() })
  const command: fc.Arbitrary<Command> = fc.record({
    op: fc.constantFrom('put', 'delete', 'cas', 'append'),
    key,
    value: bytes,
    expect: fc.option(bytes),
    session: fc.option(session),
  })

  it('come back from the log as they went in', () => {
    fc.assert(
      fc.property(command, (sent) => {
        expect(plain(decodeCommand(encodeCommand(sent)))).toEqual(plain(sent))
      }),
    )
  })

  it('that are garbage decode to nothing, and are applied as nothing', () => {
    fc.assert(fc.property(bytes, (garbage) => void new StateMachine().apply({ index: 1, term: 1, type: 'command', data: garbage })))
    expect(decodeCommand(Buffer.alloc(4))).toBeNull()
    expect(decodeCommand(Buffer.alloc(64, 0xff))).toBeNull()
  })
})

describe('the state machine', () => {
  it('answers each write with its place in the log and the value before', () => {
    const { write } = machine()
    expect(write('put', 'a', '1')).toEqual({ kind: 'done', index: 1, term: 7, prior: null, swapped: null })
    expect(write('put', 'a', '2')).toMatchObject({ index: 2, prior: '1' })
    expect(write('append', 'a', '3')).toMatchObject({ prior: '2' })
    expect(write('append', 'new', 'x')).toMatchObject({ prior: null })
    expect(write('delete', 'a')).toMatchObject({ prior: '23' })
    expect(write('delete', 'a')).toMatchObject({ prior: null })
  })

  it('swaps only what is there, absence included', () => {
    const { write, get } = machine()
    expect(write('cas', 'a', '1', null, 'other')).toMatchObject({ swapped: false, prior: null })
    expect(write('cas', 'a', '1', null, null)).toMatchObject({ swapped: true, prior: null })
    expect(write('cas', 'a', '2', null, null)).toMatchObject({ swapped: false, prior: '1' })
    expect(write('cas', 'a', '2', null, '1')).toMatchObject({ swapped: true, prior: '1' })
    expect(get('a')).toBe('2')
  })

  it('lets no append take a value over 1 MiB, and leaves it as it was', () => {
    const { write, get } = machine()
    write('put', 'a', 'x'.repeat(VALUE_BYTES_MAX))
    expect(write('append', 'a', 'y')).toEqual({ kind: 'too-large' })
    expect(get('a')).toHaveLength(VALUE_BYTES_MAX)
  })

  it('refuses an entry out of order: the log gives each exactly once', () => {
    const state = new StateMachine()
    const noop = (index: number): Entry => ({ index, term: 1, type: 'noop', data: new Uint8Array(0) })
    state.apply(noop(1))
    expect(() => state.apply(noop(1))).toThrow('entry 1 after 1')
    expect(() => state.apply(noop(3))).toThrow('entry 3 after 1')
  })
})

describe('exactly once', () => {
  it('the last sequence again gives the stored answer and has no effect', () => {
    const { write, get } = machine()
    const first = write('append', 'a', 'x', { client: 'c', seq: 1 })
    expect(write('append', 'a', 'x', { client: 'c', seq: 1 })).toEqual(first)
    expect(get('a')).toBe('x')
  })

  it('a refused append stays refused when it is sent again, though it would fit now', () => {
    const { write } = machine()
    write('put', 'a', 'x'.repeat(VALUE_BYTES_MAX))
    expect(write('append', 'a', 'y', { client: 'c', seq: 1 })).toEqual({ kind: 'too-large' })
    write('delete', 'a')
    expect(write('append', 'a', 'y', { client: 'c', seq: 1 })).toEqual({ kind: 'too-large' })
  })

  it('a lower sequence is refused', () => {
    const { write, get } = machine()
    write('put', 'a', '1', { client: 'c', seq: 1 })
    write('put', 'a', '5', { client: 'c', seq: 5 })
    expect(write('put', 'a', '3', { client: 'c', seq: 3 })).toEqual({ kind: 'old-sequence' })
    expect(get('a')).toBe('5')
  })

  it('an unknown client may begin at 1 only, anything later is never executed', () => {
    const { write, get } = machine()
    expect(write('put', 'a', '2', { client: 'c', seq: 2 })).toEqual({ kind: 'session-expired' })
    expect(get('a')).toBeNull()
    expect(write('put', 'a', '1', { client: 'c', seq: 1 })).toMatchObject({ kind: 'done' })
  })

  it('of too many sessions the one unused for longest goes, by the log alone', () => {
    const { write } = machine(2)
    write('put', 'a', '1', { client: 'old', seq: 1 })
    write('put', 'a', '2', { client: 'used', seq: 1 })
    write('put', 'a', '3', { client: 'old', seq: 1 }) // a repeat counts as use
    write('put', 'a', '4', { client: 'third', seq: 1 })
    expect(write('put', 'a', '5', { client: 'used', seq: 2 })).toEqual({ kind: 'session-expired' })
    expect(write('put', 'a', '6', { client: 'old', seq: 2 })).toMatchObject({ kind: 'done' })
  })

  it('two nodes that apply the same log give the same answers', () => {
    const step = fc.record({
      op: fc.constantFrom('put', 'append', 'delete') as fc.Arbitrary<'put' | 'append' | 'delete'>,
      client: fc.constantFrom('a', 'b', 'c'),
      seq: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [one, two] = [machine(2), machine(2)]
        for (const { op, client, seq } of steps) {
          expect(one.write(op, 'k', `${client}${seq}`, { client, seq })).toEqual(two.write(op, 'k', `${client}${seq}`, { client, seq }))
        }
        expect(one.get('k')).toEqual(two.get('k'))
      }),
    )
  })
})

function machine(sessionsMax?: number) {
  const state = new StateMachine(sessionsMax)
  const write = (op: Command['op'], key: string, value = '', session: Session | null = null, expected: string | null = null) => {
    const data = encodeCommand({ op, key, value: Buffer.from(value), expect: expected === null ? null : Buffer.from(expected), session })
    return readable(state.apply({ index: state.applied + 1, term: 7, type: 'command', data }))
  }
  const get = (key: string) => text(state.get(key))
  return { write, get }
}

function readable(applied: Applied): unknown {
  return applied.kind === 'done' ? { ...applied, prior: text(applied.prior) } : applied
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString()
}

function plain(command: Command | null): unknown {
  return command && { ...command, value: [...command.value], expect: command.expect && [...command.expect] }
}
