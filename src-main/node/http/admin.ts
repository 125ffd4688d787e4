/** /admin/…: for the run that owns this node, with its token. What can be asked here comes with later versions. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { sendError } from './answer'
import type { Route } from './route'

export const admin: Route = {
  prefix: '/admin/',
  handle({ request, response, node }) {
    if (!isAuthorized(request.headers.authorization, node.token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return sendError(response, 401, "under /admin the run's token is needed: Authorization: Bearer <token>")
    }
    sendError(response, 501, 'not in this version')
  },
}

/** Compared as digests, so that neither length nor content shows in the time it takes. */
function isAuthorized(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return header !== undefined && timingSafeEqual(digest(header), digest(`Bearer ${token}`))
}
