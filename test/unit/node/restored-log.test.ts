/** A follower whose log a snapshot replaces: whatever it acknowledges afterwards is found again after a crash. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { monotonicClock } from '../../../src-main/node/clock'
import { Driver } from '../../../src-main/node/driver'
import { Harms } from '../../../src-main/node/harms'
import { StateMachine } from '../../../src-main/node/state/machine'
import type { DiskOptions } from '../../../src-main/node/storage/disk'
import { openWal, type Wal } from '../../../src-main/node/storage/wal'
import { createRaft } from '../../../src-main/raft/raft'
import { encodeMembership } from '../../../src-main/raft/types'
import type { Durable, Entry, Message, RaftConfig } from '../../../src-main/raft/types'

const config: RaftConfig = {
  id: 'n1', voters: ['n1', 'n2', 'n3'], heartbeatMs: 50, electionTimeoutMs: [60_000, 60_000], preVote: false, checkQuorum: false,
  random: () => 0, maxEntriesPerMessage: 1_000, maxBytesPerMessage: 1_000_000, maxInflight: 16,
}
const grown = { voters: ['n1', 'n2', 'n3', 'n4'], outgoing: [], learners: ['n5'] }

let dir: string
let wals: Wal[] = []
let drivers: Driver[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-restored-'))
})
afterEach(async () => {
  for (const driver of drivers) driver.stop()
  for (const wal of wals) await wal.close()
  wals = []
  drivers = []
  await rm(dir, { recursive: true, force: true })
})

it.each([
  ['is ahead of the log', { index: 100, term: 2, membership: grown }],
  ['disagrees with the log', { index: 4, term: 2, membership: grown }],
])('a snapshot that %s replaces it in order with the writes before and after', async (_, meta) => {
  const harms = new Harms()
  const { driver, wal, sent } = await follower({ losesUnsynced: true, harms })
  const acknowledges = (term: number, match: number) =>
    sent.some((message) => message.type === 'appendReply' && message.accepted && message.term === term && message.match === match)
  driver.receive(append(1, 0, 0, 0, entries(1, 5, 1)))
  await until('the old log is durable', () => acknowledges(1, 5))
  harms.take('hang', { kind: 'disk-hang' })
  driver.receive(append(1, 5, 1, 0, entries(6, 7, 1)))
  await new Promise((resolve) => setImmediate(resolve)) // the driver's turn comes first: these are on the way
  driver.receive(append(1, 7, 1, 0, entries(8, 9, 1)))
  await until('more waits behind it', () => wal.waiting() === 2)
  driver.install(meta, new StateMachine())
  const change: Entry = { index: meta.index + 2, term: 2, type: 'config', data: encodeMembership(grown) }
  driver.receive(append(2, meta.index, 2, meta.index, [...entries(meta.index + 1, meta.index + 1, 2), change]))
  await new Promise((resolve) => setImmediate(resolve)) // and all of it waits behind the write that hangs
  harms.take('hang', null)
  await until('what follows the snapshot is acknowledged', () => acknowledges(2, change.index))

  const durable = await leftBehind(meta)
  expect(durable.hardState).toEqual({ term: 2, vote: null })
  expect(durable.entries.map(({ index, term, type }) => `${index}/${term} ${type}`)).toEqual([
    `${meta.index + 1}/2 command`,
    `${meta.index + 2}/2 config`,
  ])
  const again = createRaft(config, { ...durable, snapshot: meta }, 0).status()
  expect(again).toMatchObject({ term: 2, last: meta.index + 2, membership: grown, membershipIndex: meta.index + 2 })
})

async function follower(disk: DiskOptions) {
  const { wal, durable } = await openWal(dir, disk)
  wals.push(wal)
  const clock = monotonicClock(process.hrtime.bigint())
  const sent: Message[] = []
  const driver = new Driver({
    raft: createRaft(config, durable, clock.nowMs()), wal, clock, machine: new StateMachine(), requestTimeoutMs: 5_000,
    send: (message) => void sent.push(message),
    onEvent: () => undefined,
    onSnapshotWanted: () => undefined,
    onSync: () => undefined,
    onDiskFailure: (error) => { throw error },
    onBug: (error) => { throw error },
  })
  drivers.push(driver)
  driver.start()
  return { driver, wal, sent }
}

/** What a crash at this moment would leave: the files as they are, without what this process has not synced. */
async function leftBehind(snapshot: { index: number; term: number }): Promise<Durable> {
  const { wal, durable } = await openWal(dir, {}, snapshot)
  wals.push(wal)
  return durable
}

function append(term: number, prevIndex: number, prevTerm: number, commit: number, list: readonly Entry[]): Message {
  return { type: 'append', from: 'n2', to: 'n1', term, prevIndex, prevTerm, entries: list, commit, round: 1 }
}

function entries(from: number, to: number, term: number): Entry[] {
  const command = (index: number): Entry => ({ index, term, type: 'command', data: Buffer.from(`value ${index}`) })
  return Array.from({ length: to - from + 1 }, (_, i) => command(from + i))
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5_000
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`not within 5 s: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
