/** GET /status: who this node is, what it believes, how far its log and its peers are. */
import type { Status } from '../../raft/types'
import type { LinkState } from '../peers/transport'
import { sendError, sendJson, sendMethodNotAllowed } from './answer'
import type { StatusBody } from './face'
import type { Route } from './route'

export const status: Route = {
  prefix: '/status',
  handle({ method, response, node }) {
    if (method !== 'GET') return sendMethodNotAllowed(response, ['GET'])
    const body = node.status()
    if (body === null) sendError(response, 503, 'the node is starting')
    else sendJson(response, 200, JSON.stringify(body))
  },
}

/** @param snapshot last index in the newest snapshot, 0 = none */
export function statusBody(id: string, boot: string, snapshot: number, status: Status, links: readonly LinkState[]): StatusBody {
  const { term, leader, first, last, commit, applied, durable, electionTimeoutMs, progress, membership } = status
  const peers: StatusBody['peers'] = {}
  for (const { peer, connected, rttMs } of links) {
    const match = progress[peer]?.match ?? null
    peers[peer] = { match, lag: match === null ? null : last - match, rtt_ms: rttMs === null ? null : Number(rttMs.toFixed(3)), connected }
  }
  const hasVote = membership.voters.includes(id) || membership.outgoing.includes(id)
  const role = hasVote || status.role === 'leader' ? status.role : 'learner'
  const { voters, learners } = membership
  const place = { first, last, commit, applied, durable, snapshot }
  return { id, pid: process.pid, boot, role, term, leader, voters, learners, ...place, election_timeout_ms: electionTimeoutMs, peers }
}
