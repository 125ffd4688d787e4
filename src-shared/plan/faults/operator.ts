/** The calls of faults that an operator makes: on a node's admin face, members one after the other. */
import { flag, text } from '../field'
import { nearestNode } from '../nearest'
import type { PlanNode } from '../plan'
import type { AwaitedState, Call } from '../schedule'
import type { Conflict, Scene } from './fault'

/** A node by its id, not by a role. */
export const nodeName = (help: string) => text({ help, maxLength: 100, pattern: /^[A-Za-z][A-Za-z0-9_]{0,15}$/, like: 'the id of a node' })

/** A node that a parameter names has to be one of the plan's. */
export function unknownNode(parameter: string, id: string, nodes: readonly PlanNode[]): Conflict | null {
  const ids = nodes.map((node) => node.id)
  return ids.includes(id) ? null : { parameter, message: `there is no node "${id}" (${ids.join(', ')})`, suggestion: nearestNode(id, ids) }
}

export const forceParameter = flag({ help: 'also where the voters that answer are no majority afterwards', initial: false })

export type AdminBody =
  | { verb: 'transfer'; to: string | null }
  | { verb: 'snapshot' }
  | { verb: 'members'; add: string; learner: boolean; force: boolean; atOnce: boolean }
  | { verb: 'members'; remove: string; force: boolean }

/** To whoever leads when it is made: the call names the node to ask first. */
export function askLeader({ drawn }: Pick<Scene, 'drawn'>, body: AdminBody): Call {
  return { method: 'ADMIN', path: drawn.roles.leader ?? 'leader', body }
}

export const awaited = (node: string, state: AwaitedState): Call => ({ method: 'AWAIT', path: node, body: state })

/** What an operator did stays done. */
export const PERMANENT = 'it is not undone when the fault ends, also not in part: how long it lasts only bounds how long it may take'
