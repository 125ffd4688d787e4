import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src-main/workload/attempt'
import { createLeaderBelief } from '../../../src-main/workload/leader'
import { namedLeader, verdictOf } from '../../../src-main/workload/outcome'
import { LastSeen } from '../../../src-main/workload/seen'
import { Sessions } from '../../../src-main/workload/sessions'
import type { OperationKind, OperationRecord } from '@shared/run/operation'

const moments = { begunNs: 1, startNs: 1, endNs: 2 }
const answer = (status: number, body: object | string = {}): Attempt => ({
  ...moments,
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const lost = (isSent: boolean, isTimedOut = false): Attempt => ({
  ...moments,
  kind: 'lost',
  isSent,
  isTimedOut,
  error: 'ECONNRESET',
})
const writes: OperationKind[] = ['put', 'delete', 'cas', 'append']

describe('outcomes', () => {
  it.each(writes)('a %s that was refused before a byte was sent is fail, after one unknown', (op) => {
    expect(verdictOf(op, lost(false))).toMatchObject({ outcome: 'fail', error: 'ECONNRESET' })
    expect(verdictOf(op, lost(true))).toMatchObject({ outcome: 'unknown', isTimedOut: false })
    expect(verdictOf(op, lost(true, true))).toMatchObject({ outcome: 'unknown', isTimedOut: true })
  })

  it.each([...writes, 'get' as const])('a %s answered with 400, 409, 413, 421, 429 or 503 is fail', (op) => {
    for (const status of [400, 409, 413, 421, 429, 503]) {
      expect(verdictOf(op, answer(status))).toEqual({ outcome: 'fail', isTimedOut: false, error: String(status) })
    }
  })

  it('a 504 is unknown for a write, fail for a get, and a timeout for both', () => {
    for (const op of writes) {
      expect(verdictOf(op, answer(504))).toMatchObject({ outcome: 'unknown', isTimedOut: true, error: '504' })
    }
    expect(verdictOf('get', answer(504))).toMatchObject({ outcome: 'fail', isTimedOut: true })
  })

  it('a get without an answer is fail', () => {
    expect(verdictOf('get', lost(true)).outcome).toBe('fail')
  })

  it('an answer that says nothing about the effect leaves a write unknown', () => {
    const bodies = ['garbage', '', { index: 3 }, { prior: null, index: '3' }]
    for (const odd of [answer(500), answer(302), ...bodies.map((body) => answer(200, body))]) {
      expect(verdictOf('put', odd).outcome).toBe('unknown')
      expect(verdictOf('get', odd).outcome).toBe('fail')
    }
    expect(verdictOf('cas', answer(200, { index: 3, prior: null })).outcome).toBe('unknown')
  })

  it('takes result, index, prior and swapped from the answer', () => {
    const read = { outcome: 'ok', isTimedOut: false, result: 'v', index: 7 }
    expect(verdictOf('get', answer(200, { value: 'v', index: 7 }))).toEqual(read)
    expect(verdictOf('get', answer(404, { value: null, index: 7 }))).toMatchObject({ outcome: 'ok', result: null })
    expect(verdictOf('get', answer(404, { error: 'no such path' })).outcome).toBe('fail')
    expect(verdictOf('put', answer(404, { value: null, index: 7 })).outcome).toBe('unknown')
    const deleted = answer(200, { index: 7, term: 1, prior: null })
    expect(verdictOf('delete', deleted)).toMatchObject({ outcome: 'ok', prior: null, index: 7 })
    const notSwapped = answer(200, { index: 7, prior: 'p', swapped: false })
    expect(verdictOf('cas', notSwapped)).toMatchObject({ outcome: 'ok', prior: 'p', swapped: false })
  })

  it('finds the leader a 421 names', () => {
    expect(namedLeader('{"error":"not leader","leader":"n2","term":4}')).toEqual({ leader: 'n2', term: 4 })
    for (const body of ['{"leader":null,"term":4}', '{"leader":"n2"}', '', '[]', 'null']) expect(namedLeader(body)).toBeNull()
  })
})

describe('the belief in a leader', () => {
  it('moves to the leader that was named', () => {
    const belief = createLeaderBelief(['n1', 'n2', 'n3'])
    expect(belief.named(0, 'n3', 2)).toBe(2)
    expect(belief.current()).toBe(2)
  })

  it('moves to the next node once, however many operations give up on the same one', () => {
    const belief = createLeaderBelief(['n1', 'n2', 'n3'])
    for (let i = 0; i < 50; i++) belief.gaveUp(0)
    expect(belief.current()).toBe(1)
    belief.gaveUp(1)
    belief.gaveUp(2)
    expect(belief.current()).toBe(0)
  })

  it('follows an answer of an older term for that operation only', () => {
    const belief = createLeaderBelief(['n1', 'n2', 'n3'])
    belief.named(0, 'n3', 5)
    expect(belief.named(0, 'n2', 4)).toBe(1)
    expect(belief.current()).toBe(2)
  })

  it('takes a node that names itself, or nobody we know, as one that names none', () => {
    const belief = createLeaderBelief(['n1', 'n2', 'n3'])
    expect(belief.named(0, 'n1', 1)).toBeNull()
    expect(belief.current()).toBe(1)
    expect(belief.named(1, 'n9', 1)).toBeNull()
    expect(belief.current()).toBe(2)
  })
})

describe('client sessions', () => {
  it('has an id for each operation in flight and gives it on when that one is settled', () => {
    const sessions = new Sessions('')
    const [a, b] = [sessions.take(), sessions.take()]
    expect([a.id, b.id]).toEqual(['c1', 'c2'])
    sessions.giveBack(a, 'executed')
    expect(sessions.take()).toEqual({ id: 'c1', seq: 2 })
  })

  it('uses a Seq again that was not executed, since a session begins with 1', () => {
    const sessions = new Sessions('')
    sessions.giveBack(sessions.take(), 'kept')
    expect(sessions.take()).toEqual({ id: 'c1', seq: 1 })
  })

  it('never uses an id again whose last write is unknown', () => {
    const sessions = new Sessions('')
    sessions.giveBack(sessions.take(), 'lost')
    expect(sessions.take()).toEqual({ id: 'c2', seq: 1 })
  })
})

describe('what was last seen of a key', () => {
  const ok = (fields: Partial<OperationRecord>) => ({ key: 'k1', outcome: 'ok', ...fields }) as OperationRecord

  it('is the value the newest answer leaves behind', () => {
    const seen = new LastSeen()
    expect(seen.value('k1')).toBeNull()
    seen.note(ok({ op: 'put', value: 'a', index: 1 }))
    expect(seen.value('k1')).toBe('a')
    seen.note(ok({ op: 'append', value: 'b', prior: 'a', index: 2 }))
    expect(seen.value('k1')).toBe('ab')
    seen.note(ok({ op: 'cas', value: 'c', prior: 'ab', swapped: false, index: 3 }))
    expect(seen.value('k1')).toBe('ab')
    seen.note(ok({ op: 'cas', value: 'c', prior: 'ab', swapped: true, index: 4 }))
    expect(seen.value('k1')).toBe('c')
    seen.note(ok({ op: 'get', result: 'd', index: 9 }))
    seen.note(ok({ op: 'put', value: 'late', index: 8 }))
    expect(seen.value('k1')).toBe('d')
    seen.note(ok({ op: 'delete', prior: 'd', index: 10 }))
    expect(seen.value('k1')).toBeNull()
  })

  it('is not changed by what failed or is unknown', () => {
    const seen = new LastSeen()
    seen.note({ ...ok({ op: 'put', value: 'a' }), outcome: 'unknown' })
    expect(seen.value('k1')).toBeNull()
  })
})
