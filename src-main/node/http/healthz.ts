/** GET /healthz: 200 once the log is replayed and the node takes part. */
import { sendJson, sendMethodNotAllowed } from './answer'
import type { Route } from './route'

export const healthz: Route = {
  prefix: '/healthz',
  handle({ method, response, node }) {
    if (method !== 'GET') return sendMethodNotAllowed(response, ['GET'])
    const phase = node.phase()
    if (phase === 'serving') sendJson(response, 200, '{"ok":true}')
    else sendJson(response, 503, JSON.stringify({ ok: false, error: `the node is ${phase}` }))
  },
}
