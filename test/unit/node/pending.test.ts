import { describe, expect, it } from 'vitest'
import type { ReadAnswer, WriteAnswer } from '../../../src-main/node/answers'
import { PENDING_READS_MAX, PendingReads } from '../../../src-main/node/pending-reads'
import { PENDING_WRITES_MAX, PendingWrites } from '../../../src-main/node/pending-writes'
import { encodeCommand } from '../../../src-main/node/state/command'
import { StateMachine } from '../../../src-main/node/state/machine'
import { createRaft } from '../../../src-main/raft/raft'
import type { Entry, Raft } from '../../../src-main/raft/types'

const put = (value: string) => encodeCommand({ op: 'put', key: 'k', value: Buffer.from(value), expect: null, session: null })

describe('writes that wait', () => {
  it('go to the core as one batch and are answered in its order', () => {
    const { raft, committed } = leaderAlone()
    const { writes, answers, add } = pending()
    add('a', 'b', 'c')
    writes.propose(raft, 1_000)
    const machine = new StateMachine()
    const entries = committed(1_000)
    expect(entries.map(({ index }) => index)).toEqual([1, 2, 3, 4]) // the no-op of the new leader first
    for (const entry of entries) writes.applied(entry, machine.apply(entry))
    expect(answers).toMatchObject([{ index: 2 }, { index: 3 }, { index: 4 }])
    expect(writes.size).toBe(0)
  })

  it('beyond the bound are refused without being appended', () => {
    const { answers, add } = pending()
    add(...Array.from({ length: PENDING_WRITES_MAX + 1 }, () => 'x'))
    expect(answers).toEqual([{ kind: 'overloaded' }])
  })

  it('are all refused as overloaded when the core has too much uncommitted', () => {
    const { raft } = leaderAlone()
    const { writes, answers, add } = pending()
    for (let i = 0; i < 2; i++) {
      add(...Array.from({ length: 6_000 }, () => 'x'))
      writes.propose(raft, 1_000)
      for (const settled of answers) expect(settled).toEqual({ kind: 'overloaded' })
    }
    expect(answers).toHaveLength(6_000) // 2,000 of the second lot by our own bound, its other 4,000 by the core
  })

  it('end unknown at their deadline, the older first', () => {
    const { raft } = leaderAlone()
    const { writes, answers, add, clock } = pending()
    add('a')
    writes.propose(raft, 1_000)
    clock.nowMs = 1_500
    add('b')
    writes.propose(raft, 1_600)
    expect(writes.nextDeadlineMs()).toBe(3_000)
    writes.expire(2_999)
    expect(answers).toEqual([])
    writes.expire(3_000)
    expect(answers).toMatchObject([{ kind: 'unknown' }])
    expect(writes.nextDeadlineMs()).toBe(3_500)
  })

  it('that nothing was done with until their deadline are refused: they were never appended', () => {
    const { writes, answers, add, clock } = pending()
    add('a')
    clock.nowMs = 1_700
    add('b')
    expect(writes.nextDeadlineMs()).toBe(3_000)
    writes.expire(2_999)
    expect(answers).toEqual([])
    writes.expire(3_000)
    expect(answers).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }])
    expect(writes.size).toBe(0)
    expect(writes.nextDeadlineMs()).toBe(Infinity)
  })

  it('end unknown when their leader steps down, and never ok by an entry of another term', () => {
    const { raft } = leaderAlone()
    const { writes, answers, add } = pending()
    add('a', 'b')
    writes.propose(raft, 1_000)
    writes.applied({ index: 2, term: 9, type: 'command', data: put('other') }, { kind: 'done', index: 2, term: 9, prior: null, swapped: null })
    expect(answers).toMatchObject([{ kind: 'unknown' }])
    writes.steppedDown(null)
    expect(answers).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }])
  })

  it('whose index another leader took end unknown from there on, and the newer ones in their place are answered', () => {
    const { writes, answers, add } = pending()
    const proposeAt = (index: number, term: number) => writes.propose({ propose: () => ({ ok: true, index, term }) }, 1_000)
    const apply = (index: number, term: number) =>
      writes.applied({ index, term, type: 'command', data: put('x') }, { kind: 'done', index, term, prior: null, swapped: null })
    add('a', 'b', 'c')
    proposeAt(2, 1)
    add('d', 'e')
    proposeAt(3, 3)
    expect(answers).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }])
    expect(writes.size).toBe(3)
    for (const [index, term] of [[2, 1], [3, 3], [4, 3]] as const) apply(index, term)
    expect(answers.slice(2)).toMatchObject([{ index: 2 }, { index: 3 }, { index: 4 }])
    expect(writes.size).toBe(0)
  })

  it('at a stop are told apart: appended is unknown, not appended is refused', () => {
    const { raft } = leaderAlone()
    const { writes, answers, add } = pending()
    add('a')
    writes.propose(raft, 1_000)
    add('b')
    writes.stop()
    expect(answers).toMatchObject([{ kind: 'unavailable' }, { kind: 'unknown' }])
  })
})

describe('reads that wait', () => {
  it('are answered only when the state machine has reached their index', () => {
    const { raft, committed } = leaderAlone()
    const reads = new PendingReads(2_000)
    const machine = new StateMachine()
    const answers: ReadAnswer[] = []
    reads.add('k', (answer) => answers.push(answer))
    reads.ask(raft, 1_000)
    const entries = committed(1_000, (ready) => reads.confirm(ready.reads))
    reads.answer(machine)
    expect(answers).toEqual([])
    for (const entry of entries) machine.apply(entry)
    reads.answer(machine)
    expect(answers).toEqual([{ kind: 'read', value: null, index: 1 }])
    expect(reads.size).toBe(0)
  })

  it('that nobody confirms end as unavailable, and a late confirmation finds nobody', () => {
    const { raft } = leaderAlone()
    const reads = new PendingReads(2_000)
    const answers: ReadAnswer[] = []
    reads.add('k', (answer) => answers.push(answer))
    reads.ask(raft, 1_000)
    reads.expire(3_000)
    expect(answers).toMatchObject([{ kind: 'unavailable' }])
    reads.confirm([{ read: 1, index: 0 }])
    reads.answer(new StateMachine())
    expect(answers).toHaveLength(1)
  })

  it('beyond the bound are refused', () => {
    const reads = new PendingReads(2_000)
    const answers: ReadAnswer[] = []
    for (let i = 0; i <= PENDING_READS_MAX; i++) reads.add('k', (answer) => answers.push(answer))
    expect(answers).toEqual([{ kind: 'overloaded' }])
  })
})

function pending() {
  const writes = new PendingWrites(2_000)
  const answers: WriteAnswer[] = []
  const clock = { nowMs: 1_000 }
  const add = (...values: string[]) => values.forEach((value) => writes.add(put(value), (answer) => answers.push(answer), clock.nowMs))
  return { writes, answers, add, clock }
}

/** the real core, one voter, elected; nothing it hands out is durable until `committed` says so */
function leaderAlone() {
  const raft: Raft = createRaft(
    {
      id: 'n1', voters: ['n1'], heartbeatMs: 50, electionTimeoutMs: [150, 300], preVote: true, checkQuorum: true, random: () => 0.5,
      maxEntriesPerMessage: 100, maxBytesPerMessage: 1_000_000, maxInflight: 10,
    },
    { hardState: { term: 0, vote: null }, entries: [] },
    0,
  )
  raft.tick(900)
  for (let i = 0; i < 5 && raft.status().role !== 'leader'; i++) {
    const { persist } = raft.takeReady()
    if (persist !== null) raft.persisted(persist.seq, 900)
  }
  const committed = (nowMs: number, look: (ready: ReturnType<Raft['takeReady']>) => void = () => {}): Entry[] => {
    const applied: Entry[] = []
    while (raft.hasReady()) {
      const ready = raft.takeReady()
      look(ready)
      if (ready.persist !== null) raft.persisted(ready.persist.seq, nowMs)
      applied.push(...ready.apply)
    }
    return applied
  }
  return { raft, committed }
}
