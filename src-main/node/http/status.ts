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

export function statusBody(id: string, boot: string, voters: readonly string[], status: Status, links: readonly LinkState[]): StatusBody {
  const { role, term, leader, first, last, commit, applied, durable, electionTimeoutMs, progress } = status
  const peers: StatusBody['peers'] = {}
  for (const { peer, connected, rttMs } of links) {
    const match = progress[peer]?.match ?? null
    peers[peer] = { match, lag: match === null ? null : last - match, rtt_ms: rttMs === null ? null : Number(rttMs.toFixed(3)), connected }
  }
  const { pid } = process
  const place = { first, last, commit, applied, durable, snapshot: 0 }
  return { id, pid, boot, role, term, leader, voters, learners: [], ...place, election_timeout_ms: electionTimeoutMs, peers }
}
