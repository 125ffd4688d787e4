/** Faults of disks on real processes: measured from the nodes' own fsync times, last words and what is found at the next start. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk } from '../lab/command-line'
import { perform, type Performed } from './performed'

const PLAN = `
faultline: 1
title: disks that fail in all their ways
cluster: { nodes: 3, raft: { heartbeat: 50ms, electionTimeout: [300ms, 600ms] } }
load: { rate: 50/s, keys: 20 }
phases: { warmup: 1s, baseline: 2s, faults: 17s, recovery: 7s }
timeline:
  - { id: slow, at: 0s, for: 2s, fault: fsync-slow, delay: 40ms, target: n1 }
  - { id: growing, at: 0s, for: 3s, fault: fsync-slow, delay: 10ms, grow: 20ms, target: n2 }
  - { id: full, at: 3s, for: 2s, fault: disk-full, target: n1 }
  - { id: broken, at: 5500ms, for: 2s, fault: disk-error, target: n2 }
  - { id: hangs, at: 8s, for: 2s, fault: disk-hang, target: leader }
  - { id: torn, at: 11s, for: 2s, fault: torn-write, target: n3 }
  - { id: flipped, at: 14s, for: 3s, fault: bit-flip, target: n1 }
expect:
  - { metric: lost_writes, is: "== 0" }
  - { metric: linearizable, is: "ok" }
`

let desk: Desk
let run: Performed
beforeAll(async () => {
  desk = new Desk()
  run = await perform(desk, PLAN)
}, 120_000)
afterAll(() => desk.close())

const exitsIn = (id: string) => run.within(id, 'node-exited').map(({ node, code, signal }) => [node, code, signal])
const notesIn = (id: string) => run.within(id, 'note', 'requested', 'observed-gone').map(({ text }) => text)

it('all of them show and are gone, nothing acknowledged is lost, nobody is surprised, nothing is left', () => {
  expect(run.report).toMatchObject({ end: 'COMPLETED', lost_writes: 0 })
  for (const id of ['slow', 'growing', 'full', 'broken', 'hangs', 'torn', 'flipped']) {
    const stages = run.stages(id).filter((stage) => stage !== 'measured')
    expect([id, ...stages]).toEqual([id, 'requested', 'acknowledged', 'observed', 'undo-requested', 'undone', 'observed-gone'])
  }
  expect(run.report.cleanup.done).toBe(run.report.cleanup.of)
  expect(run.events.filter((event) => event.kind === 'node-exited' && !event.expected)).toEqual([])
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

describe('a slow fsync', () => {
  it.each(['slow', 'growing'])('%s takes as much longer as was asked, and more where the machine is busy', (id) => {
    const { seen, asked, n } = run.size(id)
    expect(n).toBeGreaterThan(3)
    expect(asked).toBeGreaterThanOrEqual(id === 'slow' ? 40 : 20)
    expect(seen).toBeGreaterThanOrEqual(asked * 0.8)
    const beforeMs = run.samples.filter(({ atNs }) => atNs < run.event(id, 'requested').atNs).map(({ fsyncMsMax }) => fsyncMsMax)
    expect(seen).toBeGreaterThan(beforeMs.toSorted((a, b) => a - b)[Math.floor(beforeMs.length / 2)]!)
  })
})

it('a disk that is full or broken stops the node with 74 at its next write, with the words of the system', () => {
  expect(exitsIn('full')).toEqual([['n1', 74, null]])
  expect(run.event('full', 'observed').detail).toMatch(/wal-\d+\.log: writing batch \d+ at offset \d+ failed: .*ENOSPC: no space left on device/)
  expect(exitsIn('broken')).toEqual([['n2', 74, null]])
  expect(run.event('broken', 'observed').detail).toContain('EIO: i/o error')
})

it('a disk that hangs ends no process: the write comes back when it is over', () => {
  expect(exitsIn('hangs')).toEqual([])
  const [node] = run.event('hangs', 'requested').targets
  const [fromNs, toNs] = [run.event('hangs', 'acknowledged').atNs, run.event('hangs', 'undo-requested').atNs]
  const during = run.samples.filter((sample) => sample.node === node && sample.atNs > fromNs && sample.atNs < toNs)
  expect(Math.max(...during.map(({ fsyncPendingMs }) => fsyncPendingMs))).toBeGreaterThan(1_000)
  expect(new Set(during.slice(1).map(({ fsyncs }) => fsyncs)).size).toBe(1)
})

it('a torn write is found at the next start, and cut', () => {
  expect(exitsIn('torn')).toEqual([['n3', null, 'SIGKILL']])
  expect(Number(/torn bytes cut from the logs: (\d+)$/.exec(run.event('torn', 'observed-gone').detail!)![1])).toBeGreaterThan(0)
  expect(notesIn('torn').join()).toMatch(/the log ended in \d+ bytes that were never synced; they were cut/)
})

it('a flipped bit keeps the node from starting, with file and offset, until it is put right', () => {
  expect(exitsIn('flipped')).toEqual([['n1', null, 'SIGKILL'], ['n1', 65, null]])
  expect(run.event('flipped', 'observed').detail).toMatch(/wal-\d{8}\.log: damaged record.* at offset \d+/)
  expect(notesIn('flipped').join()).toMatch(/the bit of the byte at \d+ of wal-\d{8}\.log was put right/)
})
