/** The dry run: a plan and a seed come to exactly the calls that the run will make. Injects nothing. */
import type { Harm } from '../run/harm'
import { seededRandom } from '../stats/random'
import { drawTarget, symbolicView, targetStream } from './draw'
import { faultOf } from './faults'
import { clientProxy } from './faults/toxic'
import { firstLoad, groupNames } from './loads'
import { membersAfter, membersAtStart, type Members } from './members'
import { faultDurationMs, faultTimes, planDurationMs } from './phases'
import type { FaultSpec, Plan } from './plan'
import { type Call, type DrawnTarget, isOnNode, isOnProxy, type RoleView, type Schedule, type ScheduledFault } from './schedule'
import { peerLinks } from './standing'
import { unfold } from './unfold'

/** @returns the schedule in order of time, then of the plan; targets by role stay symbolic */
export function expand(plan: Plan, seed: number): Schedule {
  return {
    seed,
    duration_ms: planDurationMs(plan),
    schedule: inOrder(plan, seed).map(({ spec, drawn, calls, undo }) => ({ id: spec.id, fault: spec.fault, ...momentOf(spec, plan), target: targetText(spec, drawn), calls, undo })),
    cleanup: cleanupSteps(plan),
  }
}

interface Prepared {
  drawn: DrawnTarget
  calls: Call[]
  undo: Call[]
}

/** All faults in order of time, then of the plan, each for the members that it meets. */
export function inOrder(plan: Plan, seed: number): (Prepared & { spec: FaultSpec; members: Members })[] {
  const { nodes } = plan.cluster
  let members = membersAtStart(nodes)
  return unfold(plan, seed)
    .toSorted((a, b) => faultTimes(a, plan).atMs - faultTimes(b, plan).atMs)
    .map((spec) => {
      const met = members
      const ids = nodes.map(({ id }) => id).filter((id) => met.voters.includes(id) || met.learners.includes(id))
      const prepared = prepareFault(spec, plan, seed, symbolicView(ids, met.learners))
      members = membersAfter(met, spec, prepared.drawn.nodes, nodes)
      return { spec, members: met, ...prepared }
    })
}

/** One fault made ready: drawn from its own stream and turned into calls. The run does the same with the roles of the moment. */
export function prepareFault(spec: FaultSpec, plan: Plan, seed: number, view: RoleView): Prepared {
  const drawn = drawTarget(spec, view, seededRandom(seed, targetStream(spec.id)))
  const scene = { id: spec.id, values: spec.values, drawn, durationMs: faultDurationMs(spec, plan), seed }
  // the client path of a node is one for each client group
  const groups = drawn.clients.length > 0 ? groupNames(plan) : [firstLoad(plan).name]
  const each = groups.map((clientGroup) => faultOf(spec.fault).calls({ ...scene, clientGroup }))
  if (each.length === 1) return { drawn, ...each[0]! }
  const calls = each.flatMap((one) => one.calls).toSorted((a, b) => (a.after_ms ?? 0) - (b.after_ms ?? 0))
  return { drawn, calls, undo: each.toReversed().flatMap((one) => one.undo) }
}

/**
 * A dry run's calls with the recorded roles put in.
 *
 * @param roles symbolic name → node, as `DrawnTarget.roles` and the events of a run have them
 */
export function substitute(calls: readonly Call[], roles: Readonly<Record<string, string>>): Call[] {
  const actual = (name: string): string => (Object.hasOwn(roles, name) ? roles[name]! : name)
  return calls.map((call) => {
    if (isOnNode(call)) return { ...call, path: actual(call.path), body: namesPut(call, actual) }
    if (!isOnProxy(call)) return call
    // /proxies/<from>-<to>[/toxics/…]: names hold no dash, so the first one parts them; the toxic's name is the fault's id.
    const [root = '', proxies = '', proxy = '', ...rest] = call.path.split('/')
    return { ...call, path: [root, proxies, proxy.split('-').map(actual).join('-'), ...rest].join('/') }
  })
}

/** The names in an operator's orders, and the peers that an order about frames names. */
function namesPut({ method, body }: Call, actual: (name: string) => string): unknown {
  const order = body as { harm?: Harm | null } | string | null
  if (method === 'NODE' && order !== null && typeof order === 'object' && order.harm?.kind === 'frames') {
    return { ...order, harm: { ...order.harm, to: order.harm.to.map(actual) } }
  }
  if ((method !== 'ADMIN' && method !== 'START') || typeof body !== 'object' || body === null) return body
  const put = (value: unknown): unknown => (Array.isArray(value) ? value.map(put) : typeof value === 'string' ? actual(value) : value)
  const names = ['to', 'add', 'remove', 'voters']
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, names.includes(key) ? put(value) : value]))
}

function momentOf(spec: FaultSpec, plan: Plan): Pick<ScheduledFault, 'at_ms' | 'until_ms' | 'when' | 'for_ms'> {
  if (spec.when !== null) return { at_ms: null, until_ms: null, when: spec.when.text, for_ms: faultDurationMs(spec, plan) }
  const { atMs, untilMs } = faultTimes(spec, plan)
  return { at_ms: atMs, until_ms: untilMs }
}

/** The nodes that were drawn; where none were, as the plan says it. */
function targetText(spec: FaultSpec, drawn: DrawnTarget): string {
  return spec.target.kind === 'link' || spec.target.kind === 'links' || drawn.nodes.length === 0 ? spec.target.text : drawn.nodes.join(', ')
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
