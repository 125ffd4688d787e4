/** GET /metrics in Prometheus' text format. */
import { send, sendError, sendMethodNotAllowed } from './answer'
import type { Route } from './route'

export const prometheus: Route = {
  prefix: '/metrics',
  handle({ method, response, node }) {
    if (method !== 'GET') return sendMethodNotAllowed(response, ['GET'])
    const { registry } = node.metrics
    registry.metrics().then(
      (text) => send(response, 200, registry.contentType, text),
      (error: unknown) => sendError(response, 500, `metrics: ${String(error)}`),
    )
  },
}
