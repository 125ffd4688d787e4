/**
 * What a peer link does to what travels on it. The far end is the peer's own listener behind the same proxy, which says of
 * each read when it came, on the run's clock, and how much had come by then.
 */
import { medianOf } from '@shared/stats/median'
import { FRAME_HEADER_BYTES, FrameType, FrameWriter } from '../../node/peers/frame'
import { clusterHash, encodeHello } from '../../node/peers/hello'
import { PROBE, type ProbeAnswer, ProbeAnswers } from '../../node/peers/probe'
import { type Conversation, converse } from './conversation'
import type { Failure, Note, Outcome, Probe } from './prober'
import { beat, BEATING_MS_MAX, type Silences } from './silences'

export interface LinkEnd {
  /** `n1->n2` */
  name: string
  /** where the sender dials: the link's proxy */
  port: number
  /** the receiver */
  to: string
  token: string
  /** ms since the run's origin */
  nowMs(): number
}

type Talk = Conversation & { onAnswer(heard: (answer: ProbeAnswer) => void): void; note: Note }

/** value: delay one way of the first bytes on a new connection, ms */
export function reachProbe(link: LinkEnd, everyMs: number, deadlineMs: number): Probe {
  return probe(link, everyMs, deadlineMs, ({ onAnswer, done }) => {
    const sentMs = link.nowMs()
    onAnswer(({ arrivedMs }) => done(arrivedMs - sentMs))
  })
}

/** notes silences between the arrivals of single bytes; itself it has no value, since only the path ends it */
export function beatProbe(link: LinkEnd, silences: Silences): Probe {
  return probe(link, silences.beatMs, BEATING_MS_MAX, ({ socket, onAnswer, note }) => {
    onAnswer(({ arrivedMs }) => silences.arrived(arrivedMs, note))
    beat(socket, silences.beatMs, '.')
  })
}

/** value: bytes a second between the arrival of the first part and of the last, or since it was sent where all came at once */
export function throughputProbe(link: LinkEnd, everyMs: number, deadlineMs: number, bulkBytes: number): Probe {
  return probe(link, everyMs, deadlineMs, ({ socket, onAnswer, done }) => {
    let greeting: ProbeAnswer | null = null
    let first: ProbeAnswer | null = null
    let sentMs = 0
    onAnswer((answer) => {
      if (greeting === null) {
        greeting = answer
        sentMs = link.nowMs()
        socket.write(Buffer.alloc(bulkBytes))
        return
      }
      first ??= answer
      if (answer.bytes < greeting.bytes + bulkBytes) return
      if (answer.arrivedMs <= first.arrivedMs) return done((bulkBytes * 1_000) / (answer.arrivedMs - sentMs))
      done(((answer.bytes - first.bytes) * 1_000) / (answer.arrivedMs - first.arrivedMs))
    })
  })
}

/** value: bytes of one read, median: where the reader was late, slices that wait are read as one */
export function sliceProbe(link: LinkEnd, everyMs: number, deadlineMs: number, pieceBytes: number): Probe {
  return probe(link, everyMs, deadlineMs, ({ socket, onAnswer, done }) => {
    const helloBytes = helloOf(link).length
    const reads: number[] = []
    let bytesBefore = 0
    onAnswer(({ bytes }) => {
      if (bytesBefore >= helloBytes) reads.push(bytes - bytesBefore) // the hello came in slices, too
      bytesBefore = bytes
      if (bytes >= helloBytes + pieceBytes) return done(medianOf(reads)!.median)
      if (bytes === helloBytes) socket.write(Buffer.alloc(pieceBytes))
    })
  })
}

/** value: bytes that arrived until the connection was closed, or enough; of the last piece nobody hears: half of it is taken to have come */
export function carriedProbe(link: LinkEnd, everyMs: number, deadlineMs: number, pieceBytes: number, enoughBytes: number): Probe {
  let carried = 0
  return probe(
    link,
    everyMs,
    deadlineMs,
    ({ socket, onAnswer, done }) => {
      carried = 0
      onAnswer(({ bytes }) => {
        carried = bytes
        if (bytes >= enoughBytes) return done(bytes)
        socket.write(Buffer.alloc(pieceBytes))
      })
    },
    () => ({ value: carried === 0 ? 0 : carried + pieceBytes / 2 }),
  )
}

/** value: ms from our end of the connection until it is closed from there */
export function closeProbe(link: LinkEnd, everyMs: number, deadlineMs: number): Probe {
  let endedMs: number | null = null
  return probe(
    link,
    everyMs,
    deadlineMs,
    ({ socket, onAnswer }) => {
      endedMs = null
      onAnswer(() => {
        endedMs = performance.now()
        socket.end()
      })
    },
    (failure) => (endedMs === null ? { failure } : { value: performance.now() - endedMs }),
  )
}

function probe(link: LinkEnd, everyMs: number, deadlineMs: number, begin: (talk: Talk) => void, onEnd?: (failure: Failure) => Outcome): Probe {
  const hello = helloOf(link)
  return {
    target: link.name,
    everyMs,
    take: (signal, note) =>
      converse(
        link.port,
        deadlineMs,
        signal,
        (conversation) => {
          const answers = new ProbeAnswers()
          const onAnswer = (heard: (answer: ProbeAnswer) => void): void =>
            void conversation.socket.on('data', (chunk: Buffer) => answers.push(chunk).forEach(heard))
          begin({ ...conversation, onAnswer, note })
          conversation.socket.write(hello)
        },
        onEnd,
      ),
  }
}

function helloOf({ token, to }: LinkEnd): Buffer {
  const hello = encodeHello(clusterHash(token), { from: PROBE, to, boot: '' }, FRAME_HEADER_BYTES)
  return Buffer.concat(new FrameWriter().seal(FrameType.hello, hello))
}
