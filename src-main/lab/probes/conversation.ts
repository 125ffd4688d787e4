/** One probing connection: what is sent, what comes back, how it ends, all within a deadline. */
import { connect, type Socket } from 'node:net'
import type { Failure, Outcome } from './prober'

export interface Conversation {
  socket: Socket
  /** ends the conversation with this value */
  done(value: number): void
}

/**
 * @param begin called once connected; whoever has what it wanted calls `done`
 * @param onEnd what the end of the connection means; without it: that the probe failed
 */
export function converse(
  port: number,
  deadlineMs: number,
  signal: AbortSignal,
  begin: (conversation: Conversation) => void,
  onEnd?: (failure: Failure) => Outcome,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
    let failure: Failure = 'closed'
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      socket.destroy()
      resolve(outcome)
    }
    const timer = setTimeout(() => settle({ failure: 'timeout' }), deadlineMs)
    const aborted = (): void => settle({ failure: 'closed' })
    signal.addEventListener('abort', aborted)
    let isConnected = false
    socket.on('connect', () => {
      isConnected = true
      begin({ socket, done: (value) => settle({ value }) })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') failure = 'refused'
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE') failure = 'reset'
    })
    socket.on('end', () => socket.destroy())
    socket.on('close', () => settle(isConnected && onEnd ? onEnd(failure) : { failure }))
  })
}
