/** Whole clusters cut in ways that are known to hurt, in virtual time; and what a leader may still say meanwhile. */
import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../../src-main/raft/types'
import { Cluster } from './cluster'
import type { Disk } from './invariants'
import { logOf } from './solo'

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1)
const mesh123: [NodeId, NodeId][] = [['n1', 'n2'], ['n1', 'n3'], ['n2', 'n3']]

/** A cluster of five that is led by `id`; a leader is chosen by silencing the others' campaigns. */
function ledBy(id: NodeId, seed: number, raft = {}): Cluster {
  const cluster = new Cluster({ seed, nodes: 5, raft })
  cluster.filter = (message) => message.type !== 'vote' || message.from === id
  expect(cluster.elect()).toBe(id)
  cluster.filter = () => true
  cluster.run(200)
  return cluster
}

const terms = (cluster: Cluster): number => Math.max(...cluster.ids.map((id) => cluster.raft(id).status().term))

describe('partial partitions', () => {
  /** 1-2-3 meshed, 4 hears only 2, 5 hears only 3. @returns how far terms rose in 5 s */
  const unsettled = (preVote: boolean, checkQuorum: boolean): number[] =>
    SEEDS.map((seed) => {
      const cluster = ledBy('n1', seed, { preVote, checkQuorum })
      const before = terms(cluster)
      cluster.connectOnly(...mesh123, ['n4', 'n2'], ['n5', 'n3'])
      cluster.run(5000)
      return terms(cluster) - before
    })

  it('at the edge depose leaders for ever in plain Raft, and none with PreVote', () => {
    expect(Math.min(...unsettled(false, false))).toBeGreaterThan(5)
    expect(Math.max(...unsettled(true, false))).toBe(0)
    expect(Math.max(...unsettled(true, true))).toBe(0)
  })

  it('around the leader: PreVote alone never gets another one, with CheckQuorum a majority does', () => {
    for (const checkQuorum of [false, true]) {
      for (const seed of SEEDS) {
        const cluster = ledBy('n4', seed, { preVote: true, checkQuorum })
        cluster.crash('n5')
        cluster.connectOnly(...mesh123, ['n4', 'n2'])
        cluster.run(3000)
        const leader = cluster.leader()!
        const { commit } = cluster.raft(leader).status()
        cluster.propose(leader, 'after the cut')
        cluster.run(500)
        expect(leader === 'n4', `CheckQuorum ${checkQuorum}, seed ${seed}`).toBe(!checkQuorum)
        expect(cluster.raft(leader).status().commit > commit).toBe(checkQuorum)
      }
    }
  })
})

describe('a leader isolated from the majority', () => {
  it('acknowledges nothing, serves no linearizable read, gives up in time, and its tail is overwritten after the heal', () => {
    for (const seed of SEEDS) {
      const cluster = ledBy('n1', seed)
      const commit = cluster.raft('n1').status().commit
      cluster.partition(['n1', 'n2'], ['n3', 'n4', 'n5'])
      const cutMs = cluster.nowMs
      for (let i = 0; i < 3; i++) expect(cluster.propose('n1', `lost ${i}`).ok).toBe(true)
      const read = cluster.read('n1')!
      cluster.run(3000)

      const n1 = cluster.node('n1')
      const lost = n1.events.find(({ kind }) => kind === 'quorumLost')!
      expect(lost.atMs - cutMs).toBeLessThanOrEqual(300 + 20)
      expect(n1.commit).toBe(commit)
      expect(n1.readsDone).not.toContain(read)
      expect(n1.readsFailed).toContain(read)

      const majority = cluster.leader()!
      expect(['n3', 'n4', 'n5']).toContain(majority)
      cluster.propose(majority, 'kept')
      cluster.run(200)
      cluster.heal()
      const kept = cluster.raft(majority).status().commit
      expect(cluster.run(2000, () => n1.commit >= kept)).toBe(true)
      expect(n1.events.some((event) => event.kind === 'truncated' && event.toIndex === commit + 3)).toBe(true)
      expect(cluster.leader()).toBe(majority) // the healed minority deposes nobody
    }
  })

  it('in one direction only is noticed just as well: whoever hears but is not heard, and the other way round', () => {
    for (const [from, to] of [['n1', ''], ['', 'n1']]) {
      const cluster = ledBy('n1', 3)
      for (const other of cluster.ids.slice(1)) cluster.cuts.add(`${from || other}>${to || other}`)
      cluster.run(3000)
      expect(cluster.raft('n1').status().role).not.toBe('leader')
      const leader = cluster.leader()!
      expect(cluster.propose(leader, 'on').ok).toBe(true)
    }
  })
})

describe('a paused leader', () => {
  it('that wakes up after an election serves no read and commits nothing, with or without CheckQuorum', () => {
    for (const checkQuorum of [true, false]) {
      for (const seed of SEEDS) {
        const cluster = ledBy('n1', seed, { checkQuorum })
        cluster.pause('n1')
        cluster.run(2000)
        const newer = cluster.leader()!
        expect(newer).not.toBe('n1')
        const done = cluster.node('n1').readsDone.length
        // it is asked before it has looked at a clock or a message
        const answer = cluster.raft('n1').readIndex(999, cluster.nowMs)
        cluster.node('n1').reads.set(999, cluster.invariants.committed.length)
        expect(answer.ok).toBe(!checkQuorum)
        cluster.resume('n1')
        cluster.run(1000)
        expect(cluster.node('n1').readsDone.length).toBe(done)
        expect(cluster.raft('n1').status()).toMatchObject({ role: 'follower', leader: newer })
      }
    }
  })
})

describe('a crash of all nodes at once', () => {
  it('loses nothing that was committed', () => {
    for (const seed of SEEDS) {
      const cluster = ledBy('n2', seed)
      for (let i = 0; i < 50; i++) {
        cluster.propose('n2', `value ${i}`)
        cluster.run(3)
      }
      const before = cluster.invariants.committed.length
      expect(before).toBeGreaterThan(20)
      for (const id of cluster.ids) cluster.crash(id)
      for (const id of cluster.ids) cluster.start(id)
      expect(cluster.run(3000, () => cluster.ids.every((id) => cluster.node(id).appliedIndex > before))).toBe(true)
    }
  })
})

describe('the logs of figure 7', () => {
  it('can be made equal by any leader that a majority elects', () => {
    const figure = {
      n1: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
      n2: [1, 1, 1, 4, 4, 5, 5, 6, 6],
      n3: [1, 1, 1, 4],
      n4: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      n5: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      n6: [1, 1, 1, 4, 4, 4, 4],
      n7: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    }
    const shared = new Map<string, ReturnType<typeof logOf>[number]>()
    const disks = Object.fromEntries(
      Object.entries(figure).map(([id, log]) => {
        const entries = logOf(log).map((entry) => {
          const key = `${entry.index}/${entry.term}`
          if (!shared.has(key)) shared.set(key, entry)
          return shared.get(key)!
        })
        return [id, { hardState: { term: 7, vote: null }, entries }]
      }),
    )
    for (const seed of SEEDS) {
      const cluster = new Cluster({ seed, nodes: 7, disks: copyOf(disks) })
      const leader = cluster.elect()
      expect(['n1', 'n2', 'n4', 'n5', 'n6']).toContain(leader)
      const { last } = cluster.raft(leader).status()
      expect(cluster.run(2000, () => cluster.ids.every((id) => cluster.node(id).appliedIndex >= last))).toBe(true)
    }
  })
})

/** Disks of their own over the same entries, which the invariants compare by identity. */
function copyOf(disks: Record<NodeId, Disk>): Record<NodeId, Disk> {
  const copy = ({ hardState, entries }: Disk): Disk => ({ hardState: { ...hardState }, entries: entries.slice() })
  return Object.fromEntries(Object.entries(disks).map(([id, disk]) => [id, copy(disk)]))
}
