/**
 * Reads a request's body. A body that is too large is read all the same, up to a point, and thrown away: a client that
 * is still sending would see a closed connection instead of the answer.
 */
import type { IncomingMessage } from 'node:http'

/** past this the connection is closed after the answer */
export const BODY_BYTES_MAX = 16 * 1024 * 1024
/** bodies held at once by all requests of this node */
const BUFFERED_BYTES_MAX = 256 * 1024 * 1024

export type Body =
  | { kind: 'whole'; bytes: Buffer }
  | { kind: 'too-large' }
  /** over BODY_BYTES_MAX and still coming */
  | { kind: 'endless' }
  /** this node holds too many bodies already */
  | { kind: 'no-room' }

const NOTHING = Buffer.alloc(0)
let bufferedBytes = 0

/** @param done called once; never when the client goes away first */
export function readBody(request: IncomingMessage, keptBytesMax: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = []
  let keptBytes = 0
  let bytes = 0
  let verdict: Exclude<Body['kind'], 'whole'> | null = null
  const release = (): void => {
    bufferedBytes -= keptBytes
    keptBytes = 0
    chunks.length = 0
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (verdict === 'endless') return
    if (bytes > BODY_BYTES_MAX) verdict = 'endless'
    else if (bytes > keptBytesMax) verdict = 'too-large'
    else if (bufferedBytes + chunk.length > BUFFERED_BYTES_MAX) verdict ??= 'no-room'
    if (verdict !== null) {
      release()
      if (verdict === 'endless') done({ kind: 'endless' })
      return
    }
    chunks.push(chunk)
    keptBytes += chunk.length
    bufferedBytes += chunk.length
  })
  request.on('end', () => {
    if (verdict === 'endless') return
    const body: Body = verdict !== null ? { kind: verdict } : { kind: 'whole', bytes: joined(chunks, keptBytes) }
    release()
    done(body)
  })
  request.on('close', release)
  request.on('error', release)
}

function joined(chunks: Buffer[], bytes: number): Buffer {
  if (chunks.length === 0) return NOTHING
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)
}
