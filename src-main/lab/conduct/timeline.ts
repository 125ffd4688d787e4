/**
 * Performs the plan's timeline: at its moment each fault's target is drawn, checked against the blast radius, applied,
 * and ended when its time is over.
 */
import { prepareFault } from '@shared/plan/expand'
import { type ActiveFault, nodesOut } from '@shared/plan/outage'
import { faultDurationMs } from '@shared/plan/phases'
import type { FaultSpec, Plan } from '@shared/plan/plan'
import type { RoleView } from '@shared/plan/schedule'
import type { Cluster } from '../cluster/cluster'
import { endAfter } from '../faults/ending'
import type { Lease } from '../faults/lease'
import type { Halt } from './halt'
import type { Surroundings } from './surroundings'
import { comesTrue } from './waiting'

/** A fault on the leader waits this long for one to be there. */
const LEADER_WITHIN_MS = 2_000

export interface PlannedLease {
  lease: Lease
  /** ms since load start; of one that waits the time it may begin in, until it does */
  fromMs: number
  toMs: number
}

export interface TimelineContext {
  plan: Plan
  seed: number
  cluster: Cluster
  leases: PlannedLease[]
  halt: Halt
  around: Surroundings
  /** resolves at this moment (ms since load start), or earlier when the run is halted */
  until(ms: number): Promise<void>
  /** the lab could not do what the plan asks: the run can't go on */
  fail(what: string): void
  /** load start + ms as wall clock, for the ledger */
  wallAt(ms: number): number
}

export async function performTimeline(context: TimelineContext): Promise<void> {
  await Promise.all(context.leases.map((planned) => performOne(planned, context)))
}

async function performOne(planned: PlannedLease, context: TimelineContext): Promise<void> {
  const { halt, until } = context
  const { lease } = planned
  await until(planned.fromMs)
  if (halt.reason || !(await begins(planned, context))) return
  const { toMs } = planned
  const view = await roleView(lease.spec, context)
  if (halt.reason) return
  if (!view) {
    lease.refuse(`no node leads: nothing to draw "${lease.spec.target.text}" from`)
    return
  }
  const prepared = prepareFault(lease.spec, context.plan, context.seed, view)
  const refusal = prepared.drawn.refusal ?? blastRadiusExceeded({ fault: lease.spec, drawn: prepared.drawn }, context)
  if (refusal) {
    lease.refuse(refusal)
    return
  }
  const failure = await lease.apply(prepared, context.wallAt(toMs))
  if (failure !== null) return context.fail(`${lease.spec.fault} ${lease.spec.id}: ${failure}`)
  await until(toMs)
  const due = context.leases.filter((other) => other.toMs <= toMs).map((other) => other.lease)
  if (!halt.reason && !(await endAfter(lease, due))) context.fail(`${lease.spec.fault} ${lease.spec.id} could not be undone`)
}

/** Waits for what it waits for. @returns whether it is to be applied */
async function begins(planned: PlannedLease, { around, halt, plan }: TimelineContext): Promise<boolean> {
  const { lease, fromMs, toMs } = planned
  const { when } = lease.spec
  if (!when) return true
  const tooLateMs = Math.min(toMs, when.withinMs === null ? Infinity : fromMs + when.withinMs)
  const came = await comesTrue(when, fromMs, tooLateMs, around)
  if (halt.reason) return false
  if (!came) {
    lease.refuse(`never started: "${when.text}" did not come true by ${(tooLateMs / 1000).toFixed(1)} s`)
    return false
  }
  planned.fromMs = came.atMs
  planned.toMs = Math.min(toMs, came.atMs + faultDurationMs(lease.spec, plan))
  lease.plan(`"${when.text}" came true: ${came.seen}`)
  return true
}

/** Who is who now, operators' changes of members included. Targets that name no role need no leader. */
async function roleView(spec: FaultSpec, { cluster, halt }: TimelineContext): Promise<RoleView | null> {
  const { voters, learners } = membersNow(cluster)
  const ids = cluster.nodes.map(({ id }) => id).filter((id) => voters.includes(id) || learners.includes(id))
  const deadlineNs = cluster.clock.nowNs() + LEADER_WITHIN_MS * 1e6
  for (;;) {
    const leader = cluster.leader()?.id ?? (needsLeader(spec) ? null : voters[0]!)
    if (leader !== null) {
      const down = cluster.nodes.filter((node) => node.state !== 'running').map((node) => node.id)
      return { ids, leader, followers: voters.filter((id) => id !== leader), learners, down }
    }
    if (halt.reason || cluster.clock.nowNs() > deadlineNs) return null
    await halt.orAfter(10)
  }
}

/** In the plan's order, as the dry run has them. */
function membersNow({ nodes, members }: Cluster): { voters: string[]; learners: string[] } {
  const ids = nodes.map(({ id }) => id)
  return { voters: ids.filter((id) => members.hasVote(id)), learners: ids.filter((id) => members.has(id) && !members.hasVote(id)) }
}

function needsLeader({ target }: FaultSpec): boolean {
  switch (target.kind) {
    case 'leader':
    case 'follower':
    case 'minority':
    case 'majority':
      return true
    case 'link':
      return target.from === 'leader' || target.to === 'leader'
    case 'any':
    case 'all':
    case 'node':
    case 'links':
    case 'groups':
    case 'none':
      return false
    case 'set':
      return target.isByRole
  }
}

/** @returns why not, or null */
function blastRadiusExceeded(next: ActiveFault, { cluster, plan, leases }: TimelineContext): string | null {
  const active = leases.flatMap(({ lease }) =>
    lease.drawn && (lease.state === 'applying' || lease.state === 'active' || lease.state === 'undoing') ? [{ fault: lease.spec, drawn: lease.drawn }] : [],
  )
  const { voters } = membersNow(cluster)
  // a node that ended by itself is out as well
  const ended = voters.filter((id) => cluster.node(id).state === 'down')
  const out = voters.filter((id) => ended.includes(id) || nodesOut([...active, next], voters).includes(id))
  if (out.length <= plan.blastRadius.nodes) return null
  return `blast radius: ${out.join(', ')} would be out at once, the plan allows ${plan.blastRadius.nodes}`
}
