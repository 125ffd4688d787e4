/**
 * A cluster that loses its leader, in virtual time, on the very same core that a node runs. Only what an election needs:
 * a network with delays, disks that take no time, one crash. Whole worlds with faults are another part's.
 */
import { createRaft } from '../raft/raft'
import type { Entry, Message, NodeId, Raft, RaftConfig } from '../raft/types'

export interface ElectionScenario {
  /** voters, the one that crashes included; at least 3, or nobody could win */
  nodes: number
  /** each election timeout is uniform in this range */
  timeoutMs: readonly [number, number]
  /** request and answer on the network; one way is half of it ± 10 % */
  broadcastMs: number
  /** `handicapped`: half of the survivors (rounded down) lack entries, so that they can't win, and campaign all the same */
  logs: 'equal' | 'handicapped'
}

/** Uniform in [0, 1). */
export interface ElectionChance {
  timers: () => number
  delays: () => number
}

interface Flight {
  atMs: number
  message: Message
}

/** Each one-way delay is uniform within ± this share of its mean; with constant ones a tie would be repeated for ever. */
const DELAY_SPREAD = 0.1
/** A node is done with a turn, and the first leader with its appointment, in a few steps; more is a loop without end. */
const MAX_STEPS = 1000
const NOTHING = new Uint8Array(0)
const FIRST_TERM = 1

export class ElectionCluster {
  readonly #chance: ElectionChance
  readonly #nodes = new Map<NodeId, Raft>()
  /** n1 leads and crashes; the others survive it */
  readonly #first: NodeId = 'n1'
  /** the last of the survivors, where logs differ */
  readonly #short: ReadonlySet<NodeId>
  /** messages on the way, the next to arrive at the end */
  readonly #flights: Flight[] = []
  readonly #meanDelayMs: number
  #isInstant = true
  #leader: NodeId | null = null

  constructor(scenario: ElectionScenario, chance: ElectionChance) {
    this.#chance = chance
    this.#meanDelayMs = scenario.broadcastMs / 2
    const voters = Array.from({ length: scenario.nodes }, (_, i) => `n${i + 1}`)
    const shortLogs = scenario.logs === 'handicapped' ? Math.floor((scenario.nodes - 1) / 2) : 0
    this.#short = new Set(voters.slice(scenario.nodes - shortLogs))
    for (const id of voters) {
      const durable = { hardState: { term: FIRST_TERM, vote: null }, entries: logOf(this.#short.has(id) ? 1 : 2) }
      this.#nodes.set(id, createRaft(configOf(id, voters, scenario, chance), durable, 0))
    }
  }

  /** n1 wins while all others hold still and messages take no time: a cluster at rest under one leader. */
  appoint(nowMs: number): void {
    this.#tick(this.#first, nowMs)
    for (let steps = 0; this.#flights.length > 0; steps++) {
      if (steps === MAX_STEPS) throw new Error('the first leader never came to rest')
      this.#arrive(this.#flights.pop()!)
    }
    if (this.#leader !== this.#first) throw new Error(`${this.#first} did not win undisturbed`)
    this.#isInstant = false
  }

  /**
   * The leader's heartbeat leaves for all at once at `heartbeatMs`; at `crashMs` the leader is gone.
   *
   * @returns milliseconds from the crash until a candidate has counted its majority; null when that takes over `limitMs`
   */
  replaceLeader(heartbeatMs: number, crashMs: number, limitMs: number): number | null {
    this.#leader = null
    this.#tick(this.#first, heartbeatMs)
    let nowMs = heartbeatMs
    while (this.#leader === null) {
      const isUp = this.#nodes.has(this.#first)
      const next = this.#nextTick()
      const flight = this.#flights.at(-1)
      nowMs = Math.min(flight?.atMs ?? Infinity, next.atMs)
      if (nowMs > crashMs + limitMs) return null
      if (isUp && nowMs >= crashMs) this.#nodes.delete(this.#first)
      else if (flight && flight.atMs <= next.atMs) this.#arrive(this.#flights.pop()!)
      else this.#tick(next.id, nowMs)
    }
    return nowMs - crashMs
  }

  #nextTick(): { id: NodeId; atMs: number } {
    let id = ''
    let atMs = Infinity
    for (const [candidate, raft] of this.#nodes) {
      const dueMs = raft.nextTickMs()
      if (dueMs >= atMs) continue
      id = candidate
      atMs = dueMs
    }
    return { id, atMs }
  }

  #tick(id: NodeId, nowMs: number): void {
    const raft = this.#nodes.get(id)!
    raft.tick(nowMs)
    this.#work(id, raft, nowMs)
  }

  #arrive({ atMs, message }: Flight): void {
    const raft = this.#nodes.get(message.to)
    if (!raft) return // it was for the crashed leader
    raft.receive(message, atMs)
    this.#work(message.to, raft, atMs)
  }

  /** Does what the core asks for. Storing takes no time, so that what waits for the disk leaves at once too. */
  #work(id: NodeId, raft: Raft, nowMs: number): void {
    for (let steps = 0; raft.hasReady(); steps++) {
      if (steps === MAX_STEPS) throw new Error(`${id} has always more to do`)
      const { persist, sendNow, sendAfterPersist, events } = raft.takeReady()
      if (persist) raft.persisted(persist.seq, nowMs)
      for (const message of sendNow) this.#send(message, nowMs)
      for (const message of sendAfterPersist) this.#send(message, nowMs)
      for (const event of events) if (event.kind === 'role' && event.role === 'leader') this.#leader = id
    }
  }

  #send(message: Message, nowMs: number): void {
    // What would repair a short log is lost, as if it were still on its way when the leader crashes.
    if (message.type === 'append' && message.entries.length > 0 && this.#short.has(message.to)) return
    const atMs = nowMs + (this.#isInstant ? 0 : this.#meanDelayMs * (1 + DELAY_SPREAD * (2 * this.#chance.delays() - 1)))
    let place = this.#flights.length
    while (place > 0 && this.#flights[place - 1]!.atMs <= atMs) place-- // of two at the same time the one sent first arrives first
    this.#flights.splice(place, 0, { atMs, message })
  }
}

/** PreVote and CheckQuorum off, as in the paper; it gives the heartbeat as half the shortest timeout. */
function configOf(id: NodeId, voters: NodeId[], { timeoutMs }: ElectionScenario, chance: ElectionChance): RaftConfig {
  return {
    id,
    voters,
    heartbeatMs: timeoutMs[0] / 2,
    electionTimeoutMs: timeoutMs,
    preVote: false,
    checkQuorum: false,
    random: chance.timers,
    maxEntriesPerMessage: 100,
    maxBytesPerMessage: 1024 * 1024,
    maxInflight: 8,
  }
}

function logOf(length: number): Entry[] {
  return Array.from({ length }, (_, i) => ({ index: i + 1, term: FIRST_TERM, type: 'command', data: NOTHING }))
}
