/** Answers as strings with a content length: the cheapest a Node server can give, and what curl shows in one line. */
import type { ServerResponse } from 'node:http'

export function sendJson(response: ServerResponse, status: number, body: string): void {
  send(response, status, 'application/json', body)
}

export function sendError(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, JSON.stringify({ error }))
}

export function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.destroyed || response.headersSent) return // the client went away, or was answered when the node stopped
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** @param methods what this path takes instead */
export function sendMethodNotAllowed(response: ServerResponse, methods: readonly string[]): void {
  response.setHeader('allow', methods.join(', '))
  sendError(response, 405, `method not allowed, this path takes ${methods.join(', ')}`)
}
