/** Draws the live frame from what the run knows at this moment. It only reads. */
import { LIVE_VERSION, type LiveFrame } from '@shared/api/live'
import { faultOf } from '@shared/plan/faults'
import { askedText, shortText } from '@shared/plan/faults/asked'
import type { Plan } from '@shared/plan/plan'
import type { PhaseTimes } from '@shared/plan/phases'
import { standingDelay } from '@shared/plan/standing'
import type { Phase } from '@shared/run/event'
import type { NodeState } from '@shared/run/report'
import { isStaleLeader, type NodeProcess } from '../cluster/node-process'
import type { Lease } from '../faults/lease'
import type { LoadWindow } from './window'

const LOG_LINES_A_FRAME = 20
const LOG_WAITING = 200
/** A paused node reports nothing for long: its lag then counts from the newest index that is older than its report. */
const COMMITS_KEPT = 500

/** What the frame is drawn from; the run fills it in as it goes. */
export interface LiveSource {
  run: string
  plan: Plan
  phases: PhaseTimes[]
  phase: Phase
  step: string
  nodes: readonly NodeProcess[]
  leases: { lease: Lease; fromMs: number; toMs: number }[]
  load: LoadWindow
  /** ns since the origin; null before load starts */
  loadStartNs: number | null
}

type State = LiveFrame['state']

export class LiveView {
  private seq = 0
  private state: State = 'STARTING'
  private stateSinceMs = 0
  private log: LiveFrame['log'] = []
  /** newest commit index known at a moment, ascending; nodes report at different moments, so a lag is told by time */
  private readonly commits: { atNs: number; commit: number }[] = []

  constructor(private readonly source: LiveSource) {}

  /** Keeps what a person would want to read. */
  note(atNs: number, source: string, text: string): void {
    this.log.push({ atMs: this.sinceLoadMs(atNs), source, text })
    if (this.log.length > LOG_WAITING) this.log.splice(0, this.log.length - LOG_WAITING)
  }

  frame(nowNs: number, ended: LiveFrame['ended'] = null): LiveFrame {
    const { source } = this
    const nowMs = this.sinceLoadMs(nowNs)
    const bins = source.loadStartNs === null ? [] : [source.load.turn(nowMs)]
    const load = source.load.now()
    const leader = effectiveLeader(source.nodes, source.plan, nowNs)
    this.enter(ended ? 'ENDED' : serviceState(source, leader, load.availability), nowMs)
    this.followCommits()
    const zones = new Map(source.plan.cluster.nodes.map(({ id, zone }) => [id, zone]))
    return {
      v: LIVE_VERSION,
      run: source.run,
      title: source.plan.title,
      seq: this.seq++,
      phase: source.phase,
      step: source.step,
      nowMs,
      totalMs: source.phases.at(-1)!.toMs,
      phases: source.phases.map(({ phase, fromMs, toMs }) => ({ phase, fromMs, toMs })),
      state: this.state,
      stateForMs: Math.max(0, nowMs - this.stateSinceMs),
      leader: leader ? { node: leader.id, term: leader.term } : null,
      nodes: source.nodes.map((node) => ({
        id: node.id,
        zone: zones.get(node.id) ?? null,
        state: nodeState(node, source.nodes),
        term: node.term,
        commit: node.sample?.commit ?? 0,
        lag: node.sample ? Math.max(0, this.commitBy(node.sample.atNs) - node.sample.commit) : 0,
        pid: node.pid,
      })),
      links: linksOf(source),
      load: { ok: load.ok, fail: load.fail, unknown: load.unknown, availability: load.availability, p50: load.p50, p99: load.p99, max: load.max, n: load.n },
      total: { ...source.load.total },
      bins,
      faults: source.leases.map(({ lease, fromMs, toMs }) => ({
        id: lease.spec.id,
        fault: lease.spec.fault,
        family: faultOf(lease.spec.fault).family,
        targets: lease.targets,
        at: placeOf(lease),
        asked: askedText(lease.spec.fault, lease.spec.values),
        label: shortText(lease.spec.fault, lease.spec.values),
        seen: lease.seen,
        size: lease.sizeSoFar(),
        state: lease.state,
        plannedFromMs: fromMs,
        plannedToMs: toMs,
        effectiveFromMs: lease.effectiveNs === null ? null : this.sinceLoadMs(lease.effectiveNs),
        effectiveToMs: lease.goneNs === null ? null : this.sinceLoadMs(lease.goneNs),
      })),
      log: this.log.splice(0, LOG_LINES_A_FRAME),
      ended,
    }
  }

  private followCommits(): void {
    const samples = this.source.nodes.flatMap(({ sample }) => (sample ? [sample] : [])).toSorted((a, b) => a.atNs - b.atNs)
    for (const { atNs, commit } of samples) {
      const last = this.commits.at(-1)
      if (!last || (atNs > last.atNs && commit > last.commit)) this.commits.push({ atNs, commit })
    }
    if (this.commits.length > COMMITS_KEPT) this.commits.splice(0, this.commits.length - COMMITS_KEPT)
  }

  private commitBy(atNs: number): number {
    return this.commits.findLast((point) => point.atNs <= atNs)?.commit ?? 0
  }

  private enter(state: State, nowMs: number): void {
    if (state === this.state) return
    this.state = state
    this.stateSinceMs = nowMs
  }

  private sinceLoadMs(atNs: number): number {
    return this.source.loadStartNs === null ? -1 : Math.round((atNs - this.source.loadStartNs) / 1e4) / 100
  }
}

/** A leader counts while a quorum has acknowledged it within the shortest election timeout of any voter that runs. */
function effectiveLeader(nodes: readonly NodeProcess[], plan: Plan, nowNs: number): NodeProcess | null {
  const timeoutsMs = nodes.filter(({ state, hasVote }) => state === 'running' && hasVote).map(({ timeoutMs }) => timeoutMs ?? plan.cluster.raft.electionTimeoutMs[0])
  const patienceNs = Math.min(...timeoutsMs) * 1e6
  let best: NodeProcess | null = null
  for (const node of nodes) {
    const acknowledged = node.lastAckNs !== null && nowNs - node.lastAckNs <= patienceNs
    if (node.state === 'running' && node.role === 'leader' && acknowledged && (!best || node.term > best.term)) best = node
  }
  return best
}

function serviceState(source: LiveSource, leader: NodeProcess | null, availability: number | null): State {
  if (source.phase === 'cleanup') return 'STOPPING'
  if (source.loadStartNs === null) return 'STARTING'
  const voters = source.nodes.filter((node) => node.hasVote)
  const running = voters.filter((node) => node.state === 'running').length
  if (running <= voters.length / 2) return 'NO QUORUM'
  if (!leader) return 'NO LEADER'
  const objective = source.plan.slos[0]?.objective ?? 0.99
  return availability !== null && availability < objective ? 'DEGRADED' : 'SERVING'
}

export function nodeState(node: NodeProcess, nodes: readonly NodeProcess[]): NodeState {
  if (node.state === 'paused') return 'paused'
  if (node.state === 'down' || node.state === 'starting') return 'down'
  if (isStaleLeader(node, nodes)) return 'stale-leader'
  return node.role
}

/** A fault of links is about a node's links, not about the node. */
function placeOf({ drawn, spec }: Lease): LiveFrame['faults'][number]['at'] {
  if (!drawn) return { nodes: [], links: [], clients: [], groups: [] }
  const { links, clients, groups } = drawn
  return { nodes: faultOf(spec.fault).touches(spec.values) === 'nodes' ? drawn.nodes : [], links, clients, groups }
}

/** Every directed link, as the lab set it and as its sender measures it. */
function linksOf({ nodes, leases, plan }: LiveSource): LiveFrame['links'] {
  const cut = new Set<string>()
  const slow = new Map<string, number>()
  const touched = new Set<string>()
  for (const { lease } of leases) {
    if ((lease.state !== 'active' && lease.state !== 'undoing') || !lease.drawn) continue
    for (const { from, to } of lease.drawn.links) {
      const fault = faultOf(lease.spec.fault)
      const delayMs = fault.delayMs(lease.spec.values)
      const name = `${from}-${to}`
      if (fault.takesOut(lease.spec.values) === 'links') cut.add(name)
      else if (delayMs > 0) slow.set(name, (slow.get(name) ?? 0) + delayMs)
      else touched.add(name)
    }
  }
  return nodes.flatMap((from) =>
    nodes
      .filter((to) => to !== from)
      .map((to) => {
        const name = `${from.id}-${to.id}`
        const state = cut.has(name) ? 'cut' : touched.has(name) ? 'touched' : slow.has(name) ? 'slow' : 'ok'
        const rttMs = from.sample?.links.find((link) => link.peer === to.id)?.rttMs ?? null
        return { from: from.id, to: to.id, state, delayMs: standingDelay(plan, from.id, to.id).latencyMs + (slow.get(name) ?? 0), rttMs }
      }),
  )
}
