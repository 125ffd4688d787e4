/**
 * An operator's order on a node's admin face. Orders to the leader find it, whoever it is by then, and are given again
 * while the cluster is only busy; what it declines for good is its answer, and no failure of the lab.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { AdminBody } from '@shared/plan/faults/operator'
import type { Cluster } from '../cluster/cluster'
import type { NodeProcess } from '../cluster/node-process'
import { messageOf } from '../failure'

const ANSWER_WITHIN_MS = 3_000
/** Elections are over and changes of members committed by then, or the cluster has another trouble. */
const AGAIN_FOR_MS = 10_000
const AGAIN_AFTER_MS = 50

/** The cluster understood and said no. */
export class Declined extends Error {}

interface Answer {
  status: number
  error: string
  leader: string | null
}

/**
 * @param path a node's id, or `leader`
 * @param givenUp nobody waits any more
 * @throws Declined with the cluster's reason
 */
export async function giveOrder(cluster: Cluster, path: string, body: AdminBody, givenUp: () => boolean): Promise<void> {
  const { verb } = body
  const toLeader = verb !== 'snapshot'
  const deadlineNs = cluster.clock.nowNs() + AGAIN_FOR_MS * 1e6
  let ask = path === 'leader' ? null : path
  for (let last = 'no node leads'; ; await delay(AGAIN_AFTER_MS)) {
    if (givenUp()) return
    const node = ask === null ? cluster.leader() : cluster.node(ask)
    ask = null
    const answer = node && (await post(node, verb, await filled(node, body), cluster.token))
    if (answer?.status === 200) return
    if (answer) {
      last = `${node!.id} answered ${answer.status}: ${answer.error}`
      if (answer.status === 421) ask = answer.leader
      else if (!isBusy(answer)) throw new Declined(last)
    }
    if (!toLeader) ask = path
    if (cluster.clock.nowNs() > deadlineNs) throw new Declined(`${verb}: ${last}, for ${AGAIN_FOR_MS / 1000} s`)
  }
}

/** Not there, starting, or in the middle of something: worth another try. */
const isBusy = ({ status, error }: Answer): boolean => status === 0 || status === 503 || (status === 409 && /under way/.test(error))

async function post(node: NodeProcess, verb: string, order: object, token: string): Promise<Answer> {
  try {
    const response = await fetch(`http://127.0.0.1:${node.http}/admin/${verb}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const { error = '', leader = null } = (await response.json()) as Partial<Answer>
    return { status: response.status, error, leader }
  } catch (error) {
    return { status: 0, error: messageOf(error), leader: null }
  }
}

/** Whoever takes over, where the plan does not say: the voter with most of the leader's log. */
async function filled(node: NodeProcess, { verb, ...order }: AdminBody): Promise<object> {
  if (verb !== 'transfer' || ('to' in order && order.to !== null)) return order
  const response = await fetch(`http://127.0.0.1:${node.http}/status`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => null)
  const status = response && ((await response.json()) as { voters?: string[]; peers?: Record<string, { match: number | null }> })
  const matchOf = (id: string): number => status?.peers?.[id]?.match ?? -1
  const others = (status?.voters ?? []).filter((id) => id !== node.id).toSorted((a, b) => matchOf(b) - matchOf(a) || (a < b ? -1 : 1))
  return { to: others[0] ?? node.id }
}
