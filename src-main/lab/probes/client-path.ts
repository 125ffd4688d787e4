/** What a client path does to what travels on it: requests go one way, answers come the other. */
import { converse } from './conversation'
import { HEALTH_REQUEST } from './health'
import type { Probe } from './prober'
import { beat, BEATING_MS_MAX, type Silences } from './silences'

/** a request whose body nobody reads: it has to pass before the next one is answered */
const padded = (bytes: number): string => `GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${bytes}\r\n\r\n`

/** value: bytes a second of answers, between the first of them and the last, or since they were asked for where all came at once */
export function answersRateProbe(target: string, port: number, everyMs: number, deadlineMs: number, bulkBytes: number): Probe {
  return {
    target,
    everyMs,
    take: (signal) =>
      converse(port, deadlineMs, signal, ({ socket, done }) => {
        let first: { atMs: number; bytes: number } | null = null
        const askedMs = performance.now()
        socket.on('data', () => {
          const atMs = performance.now()
          first ??= { atMs, bytes: socket.bytesRead }
          if (socket.bytesRead < bulkBytes) return
          if (socket.bytesRead === first.bytes) return done((bulkBytes * 1_000) / (atMs - askedMs))
          done(((socket.bytesRead - first.bytes) * 1_000) / (atMs - first.atMs))
        })
        // an answer is longer than its request
        socket.write(HEALTH_REQUEST.repeat(Math.ceil(bulkBytes / HEALTH_REQUEST.length)))
      }),
  }
}

/** value: bytes a second of requests, from the first byte of a body until what stands behind it is answered */
export function requestsRateProbe(target: string, port: number, everyMs: number, deadlineMs: number, bulkBytes: number): Probe {
  return {
    target,
    everyMs,
    take: (signal) =>
      converse(port, deadlineMs, signal, ({ socket, done }) => {
        let sentMs: number | null = null
        socket.on('data', () => {
          if (sentMs !== null) return done((bulkBytes * 1_000) / (performance.now() - sentMs))
          sentMs = performance.now()
          socket.write(Buffer.alloc(bulkBytes))
          socket.write(HEALTH_REQUEST)
        })
        socket.write(padded(bulkBytes))
      }),
  }
}

/** notes silences between answers to a request at every beat; itself it has no value, since only the path ends it */
export function beatOnPathProbe(target: string, port: number, nowMs: () => number, silences: Silences): Probe {
  return {
    target,
    everyMs: silences.beatMs,
    take: (signal, note) =>
      converse(port, BEATING_MS_MAX, signal, ({ socket }) => {
        socket.on('data', () => silences.arrived(nowMs(), note))
        beat(socket, silences.beatMs, HEALTH_REQUEST)
      }),
  }
}

/** value: bytes one way until the connection was closed, or enough; requests count when they are answered */
export function carriedOnPathProbe(target: string, port: number, everyMs: number, deadlineMs: number, way: 'requests' | 'answers', enoughBytes: number): Probe {
  let carried = 0
  return {
    target,
    everyMs,
    take: (signal) => {
      carried = 0
      return converse(
        port,
        deadlineMs,
        signal,
        ({ socket, done }) => {
          socket.on('data', () => {
            carried = way === 'answers' ? socket.bytesRead : socket.bytesWritten
            if (carried >= enoughBytes) return done(carried)
            socket.write(HEALTH_REQUEST)
          })
          socket.write(HEALTH_REQUEST)
        },
        () => ({ value: carried }),
      )
    },
  }
}

/** value: ms from our end of the connection until it is closed from there */
export function closeOnPathProbe(target: string, port: number, everyMs: number, deadlineMs: number): Probe {
  let endedMs: number | null = null
  return {
    target,
    everyMs,
    take: (signal) => {
      endedMs = null
      return converse(
        port,
        deadlineMs,
        signal,
        ({ socket }) => {
          socket.on('data', () => {
            endedMs = performance.now()
            socket.end()
          })
          socket.write(HEALTH_REQUEST)
        },
        (failure) => (endedMs === null ? { failure } : { value: performance.now() - endedMs }),
      )
    },
  }
}
