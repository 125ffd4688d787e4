/**
 * One HTTP exchange with one node, and exactly what became of it. The question that decides between "fail" and
 * "unknown" is whether a byte may have left. On a fresh connection none has before `connect`. A pooled connection is
 * written to at once and may turn out to be dead: then a byte has left all the same. Nothing is sent twice here.
 */
import { request, type Agent, type OutgoingHttpHeaders } from 'node:http'

export interface Exchange {
  method: string
  path: string
  headers: OutgoingHttpHeaders
  body: string | null
}

export interface AttemptLimits {
  connectTimeoutMs: number
  readTimeoutMs: number
  /** null: this attempt's own start + connectTimeout + readTimeout */
  deadlineNs: number | null
}

/** Moments are ns on the clock handed in. */
export type Attempt = {
  /** handed to the network: connection attempt, or first byte on a pooled connection */
  begunNs: number
  /** first byte sent; the connection attempt if none was */
  startNs: number
  /** answer read, connection lost, or the limit that ended it */
  endNs: number
} & ({ kind: 'answer'; status: number; body: string } | { kind: 'lost'; isSent: boolean; isTimedOut: boolean; error: string })

type Ending = { kind: 'answer'; status: number; body: string } | { kind: 'lost'; isTimedOut: boolean; error: string }

/** Values have at most 1 MiB; an answer carries one, and JSON makes six bytes of a control character. */
const ANSWER_CHARS_MAX = 16 * 2 ** 20

export function attempt(
  agent: Agent,
  port: number,
  exchange: Exchange,
  limits: AttemptLimits,
  now: () => number,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const { connectTimeoutMs, readTimeoutMs, deadlineNs } = limits
    let begunNs = now()
    let sentNs: number | null = null
    let isSettled = false
    let timer: NodeJS.Timeout | undefined

    const settle = (ending: Ending, endNs = now()): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      const moments = { begunNs, startNs: sentNs ?? begunNs, endNs }
      if (ending.kind === 'lost') req.destroy()
      resolve(ending.kind === 'answer' ? { ...moments, ...ending } : { ...moments, ...ending, isSent: sentNs !== null })
    }
    const lose = (error: string): void => settle({ kind: 'lost', isTimedOut: false, error })
    // a timer fires up to a millisecond early or late: what counts is the limit it stands for
    const loseBy = (limitNs: number, error: string): void => {
      clearTimeout(timer)
      const timeOut = (): void => settle({ kind: 'lost', isTimedOut: true, error }, limitNs)
      timer = setTimeout(timeOut, Math.max(0, Math.ceil((limitNs - now()) / 1e6)))
    }
    const aboutToSend = (): void => {
      sentNs = now()
      loseBy(deadlineNs ?? sentNs + (connectTimeoutMs + readTimeoutMs) * 1e6, 'timeout')
    }

    const { method, path, headers, body } = exchange
    const req = request({ agent, host: '127.0.0.1', port, method, path, headers })
    req.on('socket', (socket) => {
      begunNs = now()
      if (!socket.connecting) return aboutToSend()
      loseBy(Math.min(begunNs + connectTimeoutMs * 1e6, deadlineNs ?? Infinity), 'connect timeout')
      socket.once('connect', aboutToSend)
    })
    req.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > ANSWER_CHARS_MAX) lose('answer too long')
      })
      response.on('end', () => settle({ kind: 'answer', status: response.statusCode ?? 0, body: text }))
      response.on('error', (error) => lose(codeOf(error)))
    })
    req.on('error', (error) => lose(codeOf(error)))
    req.on('close', () => lose('closed'))
    req.end(body ?? undefined)
  })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
