/** The dry run: a plan and a seed come to exactly the calls that the run will make. Injects nothing. */
import { seededRandom } from '../stats/random'
import { drawTarget, symbolicView, targetStream } from './draw'
import { faultOf } from './faults'
import { addition, BASE_TOXIC, clientProxy, peerProxy } from './faults/toxic'
import { firstLoad, groupNames } from './loads'
import { learnersOf, membersOf } from './outage'
import { faultDurationMs, faultTimes, planDurationMs } from './phases'
import type { FaultSpec, Plan } from './plan'
import { type Call, type DrawnTarget, isOnNode, type RoleView, type Schedule, type ScheduledFault } from './schedule'
import { unfold } from './unfold'

/** @returns the schedule in order of time, then of the plan; targets by role stay symbolic */
export function expand(plan: Plan, seed: number): Schedule {
  const view = symbolicView(membersOf(plan.cluster.nodes), learnersOf(plan.cluster.nodes))
  return {
    seed,
    duration_ms: planDurationMs(plan),
    schedule: unfold(plan, seed)
      .toSorted((a, b) => faultTimes(a, plan).atMs - faultTimes(b, plan).atMs)
      .map((spec) => {
        const { drawn, calls, undo } = prepareFault(spec, plan, seed, view)
        return { id: spec.id, fault: spec.fault, ...momentOf(spec, plan), target: targetText(spec, drawn), calls, undo }
      }),
    cleanup: cleanupSteps(plan),
  }
}

/** One fault made ready: drawn from its own stream and turned into calls. The run does the same with the roles of the moment. */
export function prepareFault(spec: FaultSpec, plan: Plan, seed: number, view: RoleView): { drawn: DrawnTarget; calls: Call[]; undo: Call[] } {
  const drawn = drawTarget(spec, view, seededRandom(seed, targetStream(spec.id)))
  const scene = { id: spec.id, values: spec.values, drawn, durationMs: faultDurationMs(spec, plan), seed }
  // the client path of a node is one for each client group
  const groups = drawn.clients.length > 0 ? groupNames(plan) : [firstLoad(plan).name]
  const each = groups.map((clientGroup) => faultOf(spec.fault).calls({ ...scene, clientGroup }))
  const calls = each.flatMap((one) => one.calls).toSorted((a, b) => (a.after_ms ?? 0) - (b.after_ms ?? 0))
  return { drawn, calls, undo: each.toReversed().flatMap((one) => one.undo) }
}

/** The plan's standing latency, one toxic on each peer link. Part of the start of the cluster, not of the schedule. */
export function baseToxics(plan: Plan): Call[] {
  const { latencyMs, jitterMs } = plan.cluster.network
  if (latencyMs === 0 && jitterMs === 0) return []
  const kind = { type: 'latency', attributes: { latency: latencyMs, jitter: jitterMs } } as const
  return peerLinks(plan).map((link) => addition(peerProxy(link), BASE_TOXIC, 'upstream', kind).call)
}

/**
 * A dry run's calls with the recorded roles put in.
 *
 * @param roles symbolic name → node, as `DrawnTarget.roles` and the events of a run have them
 */
export function substitute(calls: readonly Call[], roles: Readonly<Record<string, string>>): Call[] {
  const actual = (name: string): string => (Object.hasOwn(roles, name) ? roles[name]! : name)
  return calls.map((call) => {
    if (isOnNode(call)) return { ...call, path: actual(call.path) }
    // /proxies/<from>-<to>[/toxics/…]: names hold no dash, so the first one parts them; the toxic's name is the fault's id.
    const [root = '', proxies = '', proxy = '', ...rest] = call.path.split('/')
    return { ...call, path: [root, proxies, proxy.split('-').map(actual).join('-'), ...rest].join('/') }
  })
}

function momentOf(spec: FaultSpec, plan: Plan): Pick<ScheduledFault, 'at_ms' | 'until_ms' | 'when' | 'for_ms'> {
  if (spec.when !== null) return { at_ms: null, until_ms: null, when: spec.when.text, for_ms: faultDurationMs(spec, plan) }
  const { atMs, untilMs } = faultTimes(spec, plan)
  return { at_ms: atMs, until_ms: untilMs }
}

/** The nodes that were drawn; where none were, as the plan says it. */
function targetText(spec: FaultSpec, drawn: DrawnTarget): string {
  return spec.target.kind === 'link' || drawn.nodes.length === 0 ? spec.target.text : drawn.nodes.join(', ')
}

function cleanupSteps(plan: Plan): string[] {
  const nodes = plan.cluster.nodes.map((node) => node.id)
  const clients = groupNames(plan).flatMap((group) => nodes.map((node) => clientProxy(group, node)))
  const proxies = peerLinks(plan).length + clients.length
  return [
    'undo every fault that is still active, the last one first',
    `resume every stopped process (${nodes.join(', ')})`,
    `remove every toxic and enable every proxy (${proxies}: ${peerLinks(plan).length} peer links, ${clients.length} client paths)`,
    `end ${nodes.length === 1 ? 'the node' : `all ${nodes.length} nodes`}, the load generator, Toxiproxy and the janitor`,
    "remove the lab's folder",
  ]
}

function peerLinks(plan: Plan): { from: string; to: string }[] {
  const ids = plan.cluster.nodes.map((node) => node.id)
  return ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to })))
}
