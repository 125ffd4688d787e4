/** Is it there, and how long does an answer take? One small request on a connection of its own. */
import type { Probe } from './prober'
import { converse } from './conversation'

export const HEALTH_REQUEST = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
export const HEALTH_DEADLINE_MS = 1_000

/** value: ms until the first bytes of any answer; a node that is starting answers, too */
export function healthProbe(target: string, port: number, everyMs: number, deadlineMs = HEALTH_DEADLINE_MS): Probe {
  return {
    target,
    everyMs,
    take: (signal) => {
      const beganMs = performance.now()
      return converse(port, deadlineMs, signal, ({ socket, done }) => {
        socket.on('data', () => done(performance.now() - beganMs))
        socket.write(HEALTH_REQUEST)
      })
    },
  }
}
