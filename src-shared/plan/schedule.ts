/** What a plan comes to: the dry run. The engine performs exactly these calls, with recorded roles put in. */
import type { FaultSpec, PlanPhase } from './plan'

/** What can be called beside Toxiproxy; the path is a node's id. */
export const nodeMethods = ['SIGNAL', 'START', 'STOP', 'AWAIT', 'NODE', 'ADMIN', 'BURN'] as const
export const callMethods = ['GET', 'POST', 'PATCH', 'DELETE', ...nodeMethods, 'LOAD'] as const

/**
 * One call of the schedule. `GET`, `POST`, `PATCH`, `DELETE`: Toxiproxy's HTTP API (`POST /proxies/n1-n2/toxics`). Else
 * - `SIGNAL` to the node's process, body = its name; `STOP` it in good order, `START` it again: harmless where it is down
 *   or runs already (`START` with body `{ id, voters }`: with these as the only voters, whatever it knew). `AWAIT`, body one of `awaitedStates`: goes on when the node is that, or when the fault ends
 * - `NODE`: harm inside the node's process, body `{ id, harm }` (`src-shared/run/harm.ts`), `harm` null = ends
 * - `ADMIN`: the node's admin face, body `{ verb, … }` with verb `transfer`, `snapshot` or `members`
 * - `BURN`: a process beside the node that takes processor time, body `{ id, share, cores }`, `share` 0 = ends
 * - `LOAD`: changes what a client group asks, path = its name, body `{ id, change }`, `change` null = ends
 */
export interface Call {
  method: (typeof callMethods)[number]
  path: string
  body: unknown
  /** not before the fault is this old; absent = at once, after the call before */
  after_ms?: number
  /** not before the call before was done this long ago */
  gap_ms?: number
}

/** Serving; having applied what was committed when it was serving; member with or without a vote, or no member any more. */
export const awaitedStates = ['ready', 'caught-up', 'voter', 'learner', 'outside'] as const
export type AwaitedState = (typeof awaitedStates)[number]

/** Whether the call's path is a node's id. */
export const isOnNode = (call: Call): boolean => nodeMethods.some((method) => method === call.method)

/** Whether it goes to Toxiproxy. */
export const isOnProxy = (call: Call): boolean => !isOnNode(call) && call.method !== 'LOAD'

export interface ScheduledFault {
  id: string
  fault: string
  /** since load start; null = when the condition has come true */
  at_ms: number | null
  until_ms: number | null
  /** what it waits for, and how long it lasts then */
  when?: string
  for_ms?: number
  /** symbolic: `leader`, `follower#k` (k-th follower by id at injection, from 1), `n3`, `leader->*` … */
  target: string
  calls: Call[]
  /** in the order they are performed: reverse of `calls` */
  undo: Call[]
}

export interface Schedule {
  seed: number
  duration_ms: number
  schedule: ScheduledFault[]
  /** what the end of every run does whatever happened, as sentences */
  cleanup: string[]
}

/** Who is who at a moment: real ids while running, `leader` and `follower#k` in a dry run. */
export interface RoleView {
  /** all node ids, in order */
  ids: string[]
  /** name of the leader: an id, or 'leader' when symbolic */
  leader: string
  /** every voter but the leader in order of ids, down or not: ids, or 'follower#1' … when symbolic */
  followers: string[]
  /** nodes without a vote: always ids */
  learners?: readonly string[]
  /** nodes that a crash or pause holds down right now: `follower` passes them over */
  down?: readonly string[]
}

/** What one fault acts on, after its target was drawn. Names are ids or symbolic, as the view's. */
export interface DrawnTarget {
  /** nodes the fault is about (crash, pause; or the nodes whose links are touched) */
  nodes: string[]
  /** directed peer links touched (network faults on `path: peer`) */
  links: { from: string; to: string }[]
  /** nodes whose client path is touched (network faults on `path: client`) */
  clients: string[]
  /** client groups whose load is changed */
  groups: string[]
  /** symbolic name of the dry run → name in the view, for every symbolic name that occurs */
  roles: Record<string, string>
  /** why the target is nobody at this moment; absent = it is somebody */
  refusal?: string
}

export type { FaultSpec, PlanPhase }
