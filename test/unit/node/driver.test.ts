import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { WriteAnswer } from '../../../src-main/node/answers'
import { monotonicClock } from '../../../src-main/node/clock'
import { Driver } from '../../../src-main/node/driver'
import { Harms } from '../../../src-main/node/harms'
import { encodeCommand } from '../../../src-main/node/state/command'
import { StateMachine } from '../../../src-main/node/state/machine'
import { openWal } from '../../../src-main/node/storage/wal'
import { createRaft } from '../../../src-main/raft/raft'
import type { Message } from '../../../src-main/raft/types'

const put = (value: string) => encodeCommand({ op: 'put', key: 'k', value: Buffer.from(value), expect: null, session: null })
const cleanUps: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

describe('a leader whose disk is at work', () => {
  it('gathers what arrives meanwhile and sends it as one append', async () => {
    const { driver, sent } = await leader(100)
    const answers: WriteAnswer[] = []
    const write = (value: string) => driver.write(put(value), (answer) => answers.push(answer))
    const before = sent.length
    write('first')
    await until('the first write is on its way', () => appendsWithEntries(sent, before).length === 1)
    for (let i = 0; i < 20; i++) {
      write(`later ${i}`)
      await new Promise((resolve) => setImmediate(resolve)) // each in a turn of its own
    }
    await until('all are answered', () => answers.length === 21)
    expect(appendsWithEntries(sent, before)).toEqual([1, 20])
    expect(answers.every(({ kind }) => kind === 'done')).toBe(true)
  })

  it('gathers on until the quorum has the batch before, in one append again', async () => {
    const { driver, sent, voter, clock } = await leader()
    let answered = 0
    const write = (value: string) => driver.write(put(value), () => answered++)
    const before = sent.length
    voter.isAway = true
    write('first')
    await until('it is on the own disk', () => appendsWithEntries(sent, before).length === 1 && driver.status().durable === driver.status().last)
    clock.freeze()
    for (let i = 0; i < 20; i++) {
      write(`later ${i}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(appendsWithEntries(sent, before)).toEqual([1])
    voter.isAway = false
    await until('all are answered', () => answered === 21)
    expect(appendsWithEntries(sent, before)).toEqual([1, 20])
  })

  it('does not wait for a quorum that is far away: the next batch travels behind the one before', async () => {
    const { driver, sent, voter } = await leader()
    let answered = 0
    const before = sent.length
    voter.isAway = true
    for (const value of ['first', 'second', 'third']) {
      const appends = appendsWithEntries(sent, before).length
      driver.write(put(value), () => answered++)
      await until(`${value} is on its way`, () => appendsWithEntries(sent, before).length > appends)
    }
    expect(answered).toBe(0)
    voter.isAway = false
    await until('all are answered', () => answered === 3)
  })

  it('refuses what gathered when it stops leading, since none of that was appended', async () => {
    const { driver } = await leader(100)
    const answers: WriteAnswer[] = []
    driver.write(put('appended'), (answer) => answers.push(answer))
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    driver.write(put('gathered'), (answer) => answers.push(answer))
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    driver.receive({ type: 'append', from: 'n2', to: 'n1', term: 9, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 } as Message)
    await until('both are answered', () => answers.length === 2)
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['not-leader', 'unknown'])
  })
})

/** how many entries each append to n2 carried; heartbeats have none */
function appendsWithEntries(sent: Message[], from: number): number[] {
  return sent
    .slice(from)
    .flatMap((message) => (message.type === 'append' && message.to === 'n2' && message.entries.length > 0 ? [message.entries.length] : []))
}

/** A real core and a real log; the one other voter is played here: it votes and accepts everything, later if it is away. */
async function leader(fsyncDelayMs = 0) {
  const dir = await mkdtemp(join(tmpdir(), 'faultline-driver-'))
  const { wal, durable } = await openWal(dir, { harms: new Harms({ slow: { kind: 'fsync-slow', delayMs: fsyncDelayMs, growMsPerS: 0 } }) })
  const running = monotonicClock(process.hrtime.bigint())
  let frozenMs: number | null = null
  const clock = { nowNs: running.nowNs, nowMs: () => frozenMs ?? running.nowMs(), realMs: running.realMs, freeze: () => void (frozenMs = running.nowMs()) }
  const voter = { isAway: false }
  const raft = createRaft(
    {
      id: 'n1', voters: ['n1', 'n2'], heartbeatMs: 50, electionTimeoutMs: [400, 420], preVote: false, checkQuorum: false, random: Math.random,
      maxEntriesPerMessage: 1_000, maxBytesPerMessage: 1_000_000, maxInflight: 16,
    },
    durable,
    clock.nowMs(),
  )
  const sent: Message[] = []
  const driver = new Driver({
    raft, wal, clock, machine: new StateMachine(), requestTimeoutMs: 5_000,
    send(message) {
      sent.push(message)
      const back = { from: 'n2', to: 'n1', term: message.term }
      const reply: Message | null =
        message.type === 'vote' ? { ...back, type: 'voteReply', pre: message.pre, granted: true }
        : message.type === 'append' ? {
            ...back, type: 'appendReply', round: message.round, accepted: true, match: message.prevIndex + message.entries.length,
            conflictIndex: 0, conflictTerm: 0,
          }
        : null
      const answer = (): unknown => (voter.isAway ? setTimeout(answer, 1) : driver.receive(reply!))
      if (reply !== null) setImmediate(answer)
    },
    onEvent: () => undefined,
    onSnapshotWanted: () => undefined,
    onSync: () => undefined,
    onDiskFailure: (error) => { throw error },
    onBug: (error) => { throw error },
  })
  cleanUps.push(async () => {
    driver.stop()
    await wal.close()
    await rm(dir, { recursive: true, force: true })
  })
  driver.start()
  await until('n1 leads and its no-op is committed', () => driver.status().role === 'leader' && driver.status().commit >= 1)
  await until('its disk is idle', () => driver.status().durable === driver.status().last)
  return { driver, sent, voter, clock }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5_000
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`not within 5 s: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
