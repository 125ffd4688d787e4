/** /admin/…: for the run that owns this node, with its token: moves leadership, makes snapshots, adds and removes members. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { MembershipChange } from '../../raft/types'
import { sendError, sendJson, sendMethodNotAllowed } from './answer'
import { readBody } from './body'
import type { Face } from './face'
import type { Route } from './route'

const BODY_BYTES_MAX = 4_096

type Action = (node: Face, body: Record<string, unknown>, reply: Reply) => void | Promise<void>

/** To add one, write its function below and its line here. */
const ACTIONS: Record<string, Action> = { transfer, snapshot, members }

export const admin: Route = {
  prefix: '/admin/',
  handle({ request, response, method, path, node }) {
    if (!isAuthorized(request.headers.authorization, node.token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return sendError(response, 401, "under /admin the run's token is needed: Authorization: Bearer <token>")
    }
    const name = path.slice(admin.prefix.length)
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (action === undefined) return sendError(response, 404, `unknown path ${path}; there are ${Object.keys(ACTIONS).join(', ')}`)
    if (method !== 'POST') return sendMethodNotAllowed(response, ['POST'])
    readBody(request, BODY_BYTES_MAX, (body) => {
      if (body.kind !== 'whole') return sendError(response, 413, `a body here has at most ${BODY_BYTES_MAX} bytes`)
      const fields = parse(body.bytes)
      if (fields === null) return sendError(response, 400, 'the body is no JSON object')
      if (node.phase() !== 'serving') return sendError(response, 503, `the node is ${node.phase()}`)
      const reply = new Reply(response)
      Promise.resolve(action(node, fields, reply)).catch((error: unknown) => reply.error(500, String(error)))
    })
  },
}

async function transfer(node: Face, { to, ...others }: Record<string, unknown>, reply: Reply): Promise<void> {
  if (typeof to !== 'string' || hasAny(others)) return reply.error(400, 'a transfer has {"to": id}')
  const answer = await node.transfer(to)
  if (answer.ok) return reply.json(200, { leader: to, ms: Number(answer.durationMs.toFixed(3)) })
  switch (answer.reason) {
    case 'not-leader':
      return reply.notLeader(answer)
    case 'unknown':
      return reply.error(504, `it is not known whether ${to} leads now`)
    case 'given-up':
      return reply.error(409, `${to} did not take over within an election timeout: this node leads on`)
    case 'self':
      return reply.error(409, `${to} leads already`)
    case 'not-a-voter':
      return reply.error(409, `${to} is no voter`)
    case 'busy':
      return reply.error(409, 'another transfer or a change of members is under way')
    case 'silent':
      return reply.error(409, `${to} has not answered for an election timeout`)
  }
}

async function snapshot(node: Face, fields: Record<string, unknown>, reply: Reply): Promise<void> {
  if (hasAny(fields)) return reply.error(400, 'a snapshot takes no settings here')
  const { index, isNew, kind } = await node.snapshot()
  reply.json(200, { snapshot: index, new: isNew, kind })
}

function members(node: Face, { add, remove, learner = false, force = false, atOnce = false, ...others }: Record<string, unknown>, reply: Reply): void {
  const areFlags = typeof learner === 'boolean' && typeof force === 'boolean' && typeof atOnce === 'boolean' && (remove === undefined || !(learner || atOnce)) && !(learner && atOnce)
  const id = add ?? remove
  if (typeof id !== 'string' || (add !== undefined && remove !== undefined) || !areFlags || hasAny(others)) {
    return reply.error(400, 'a change of members has {"add": id} or {"remove": id}, with "learner": true to add one without a vote, "atOnce": true to add one that is not caught up, or "force": true')
  }
  if (add !== undefined && !node.knows(id)) return reply.error(409, `${id} has no address here: nodes know only the peers they were started with`)
  const change: MembershipChange = add === undefined ? { remove: id } : { add: id, asLearner: learner, atOnce }
  const answer = node.changeMembers(change, force)
  if (answer.ok) return reply.json(200, { index: answer.index, ...node.members() })
  switch (answer.reason) {
    case 'not-leader':
      return reply.notLeader(answer)
    case 'would-lose-quorum': {
      const heard = answer.answering.join(', ') || 'none'
      return reply.error(409, `only ${heard} of the voters answer, ${answer.needed} would be needed: "force": true changes the members all the same`)
    }
    case 'busy':
      return reply.error(409, 'one change at a time: another one, or a transfer, is under way')
    case 'not-ready':
      return reply.error(503, 'this leader has committed nothing in its term yet')
    case 'already-member':
      return reply.error(409, `${id} is a member already`)
    case 'not-a-member':
      return reply.error(409, `${id} is no member`)
    case 'last-voter':
      return reply.error(409, `${id} is the last voter`)
  }
}

class Reply {
  constructor(private readonly response: ServerResponse) {}

  json(status: number, body: object): void {
    sendJson(this.response, status, JSON.stringify(body))
  }

  error(status: number, error: string): void {
    sendError(this.response, status, error)
  }

  notLeader({ leader, term }: { leader: string | null; term: number }): void {
    this.json(421, { error: 'not the leader', leader, term })
  }
}

/** @returns no fields for an empty body */
function parse(bytes: Buffer): Record<string, unknown> | null {
  if (bytes.length === 0) return {}
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null
  } catch {
    return null // answered with 400
  }
}

function hasAny(fields: object): boolean {
  return Object.keys(fields).length > 0
}

/** Compared as digests, so that neither length nor content shows in the time it takes. */
function isAuthorized(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return header !== undefined && timingSafeEqual(digest(header), digest(`Bearer ${token}`))
}
