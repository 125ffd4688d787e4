/** Seeded runs of whole clusters under loss, reordering, partitions, crashes and pauses, every step checked. */
import { drawIndex } from '@shared/stats/random'
import { describe, expect, it } from 'vitest'
import type { Raft } from '../../../src-main/raft/types'
import { Cluster } from './cluster'

const SEEDS = 300
const FAULTS_MS = 8000
const HEAL_MS = 3000

/** How often a run met what the invariants are about. */
const nothingYet = () => ({ elections: 0, truncations: 0, quorumLost: 0, crashes: 0, reads: 0, readsFailed: 0, commits: 0, snapshots: 0, transfers: 0, joint: 0, undone: 0, steps: 0 })
type Coverage = ReturnType<typeof nothingYet>

/** One cluster: faults at random for a while, then everything heals and it has to get going again. */
function simulate(seed: number, coverage: Coverage): void {
  const sizes = [3, 5, 4, 1]
  const voters = sizes[seed % sizes.length]!
  const spares = seed % 3
  const nodes = voters + spares
  const raft = { preVote: seed % 8 < 6, checkQuorum: seed % 8 < 4 || seed % 8 > 5, changeLimitMs: 500 }
  const diskMs: [number, number] = [0, [2, 15, 80][seed % 3]!]
  const delayMs: [number, number] = [0, 10 + 10 * (seed % 4)]
  const cluster = new Cluster({ seed, nodes: voters, spares, raft, diskMs, delayMs, loss: (seed % 5) * 0.05, duplicates: 0.05 })
  const { agenda, random } = cluster
  const chance = (p: number): boolean => random() < p
  const pick = (): string => (chance(0.3) && cluster.leader()) || cluster.ids[drawIndex(random, nodes)]!

  /** One node comes or goes; some stay a learner for a while. */
  const change = (leader: Raft): void => {
    const { voters, learners } = leader.status().membership
    const id = cluster.ids[drawIndex(random, cluster.ids.length)]!
    const isIn = voters.includes(id) || (learners.includes(id) && chance(0.5))
    const options = { force: chance(0.3) }
    leader.changeMembership(isIn ? { remove: id } : { add: id, asLearner: chance(0.2) }, options, agenda.nowMs)
  }
  const load = (): void => {
    for (const id of cluster.ids) {
      const { raft: core, isPaused } = cluster.node(id)
      if (!core || isPaused || core.status().role !== 'leader') continue // deposed leaders that don't know are asked too
      if (chance(0.8)) cluster.propose(id, `${seed}-${cluster.steps}`)
      if (chance(0.4)) cluster.read(id)
      if (chance(0.1)) cluster.ask(id, (leader) => leader.transfer(cluster.ids[drawIndex(random, nodes)]!, agenda.nowMs))
      if (chance(0.05) && agenda.nowMs < FAULTS_MS) cluster.ask(id, (leader) => change(leader))
    }
    for (const { id, raft: core, isPaused } of cluster.nodes.values()) {
      if (core && !isPaused && chance(0.02)) cluster.snapshot(id, drawIndex(random, 6))
    }
    agenda.after(5 + 20 * random(), load)
  }
  const nemesis = (): void => {
    if (agenda.nowMs > FAULTS_MS) return
    const id = pick()
    const node = cluster.node(id)
    const kind = random()
    if (kind < 0.2) {
      if (node.raft) {
        cluster.crash(id)
        coverage.crashes++
      } else {
        cluster.start(id)
      }
    } else if (kind < 0.35) {
      if (node.isPaused) cluster.resume(id)
      else if (node.raft) cluster.pause(id)
    } else if (kind < 0.6) {
      const aside = cluster.ids.filter((other) => other === id || chance(0.3))
      cluster.partition(aside, cluster.ids.filter((other) => !aside.includes(other)))
    } else if (kind < 0.65) {
      cluster.diskMs = [0, 500] // slower than an election
    } else if (kind < 0.75) {
      cluster.cuts.add(`${id}>${pick()}`)
    } else {
      cluster.heal()
      cluster.diskMs = diskMs
      for (const other of cluster.nodes.values()) {
        if (!other.raft) cluster.start(other.id)
        if (other.isPaused) cluster.resume(other.id)
      }
    }
    agenda.after(20 + 200 * random(), nemesis)
  }
  agenda.after(0, load)
  agenda.after(500 * random(), nemesis)
  cluster.run(FAULTS_MS)

  cluster.heal()
  cluster.loss = 0
  cluster.diskMs = diskMs
  for (const node of cluster.nodes.values()) {
    if (!node.raft) cluster.start(node.id)
    if (node.isPaused) cluster.resume(node.id)
  }
  const target = cluster.invariants.committed.length + 5
  const caughtUp = cluster.run(HEAL_MS, () => {
    const leader = cluster.leader()
    const { voters, outgoing, learners } = cluster.raft(leader ?? cluster.ids[0]!).status().membership
    const isWhole = leader !== null && outgoing.length === 0 // nobody waits for those that were removed
    return isWhole && [...voters, ...learners].every((id) => cluster.node(id).appliedIndex >= target)
  })
  if (!caughtUp) throw new Error(`liveness: ${cluster.ids.map((id) => JSON.stringify(cluster.raft(id).status())).join('\n')}`)

  coverage.steps += cluster.steps
  coverage.commits += cluster.invariants.committed.length
  for (const { events, readsDone, readsFailed, snapshotsInstalled } of cluster.nodes.values()) {
    coverage.snapshots += snapshotsInstalled
    coverage.reads += readsDone.length
    coverage.readsFailed += readsFailed.length
    for (const event of events) {
      if (event.kind === 'role' && event.role === 'leader') coverage.elections++
      if (event.kind === 'truncated') coverage.truncations++
      if (event.kind === 'quorumLost') coverage.quorumLost++
      if (event.kind === 'transfer' && event.stage === 'done') coverage.transfers++
      if (event.kind === 'membership' && event.stage === 'joint') coverage.joint++
      if (event.kind === 'membership' && event.stage === 'undone') coverage.undone++
    }
  }
}

describe('clusters in virtual time', () => {
  it(`hold every invariant over ${SEEDS} seeds of faults, and converge after the heal`, { timeout: 60_000 }, () => {
    const coverage = nothingYet()
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        simulate(seed, coverage)
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error })
      }
    }
    // a run that meets none of these proves nothing
    for (const [what, times] of Object.entries(coverage)) expect(times, what).toBeGreaterThan(SEEDS / 2)
  })

  it('do the same again from the same seed', () => {
    const trace = (): string => {
      const coverage = nothingYet()
      simulate(5, coverage)
      return JSON.stringify(coverage)
    }
    expect(trace()).toBe(trace())
  })
})
