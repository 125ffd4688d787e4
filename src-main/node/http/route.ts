/** What a group of routes is: to add one, write its file and add it to the list in `server.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Face } from './face'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  /** still percent-encoded, without the query */
  path: string
  /** without the question mark */
  query: string
  node: Face
}

export interface Route {
  /** a path is taken by the first route whose prefix it has; one without a closing slash has to be met exactly */
  prefix: string
  handle: (exchange: Exchange) => void
}
