/** GET /status: who this node is, what it believes, how far its log and its peers are. */
import { sendError, sendJson, sendMethodNotAllowed } from './answer'
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
