/**
 * The first frame of a connection: which cluster, whose link, which life of the sender. A listener on loopback can be
 * reached by any local process, so the cluster's token has to be known; only its hash travels.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

const HASH_BYTES = 32

export interface Hello {
  from: string
  to: string
  boot: string
}

export function clusterHash(token: string): Buffer {
  return createHash('sha256').update('faultline peers\n').update(token).digest()
}

/** @returns `roomBytes` left free for the frame header, then the hello */
export function encodeHello(hash: Buffer, hello: Hello, roomBytes: number): Buffer {
  const names = Buffer.from(JSON.stringify([hello.from, hello.to, hello.boot]))
  return Buffer.concat([Buffer.alloc(roomBytes), hash, names])
}

/** @returns null for another cluster or anything that is no hello */
export function decodeHello(hash: Buffer, payload: Buffer): Hello | null {
  if (payload.length <= HASH_BYTES || !timingSafeEqual(payload.subarray(0, HASH_BYTES), hash)) return null
  let names: unknown
  try {
    names = JSON.parse(payload.toString('utf8', HASH_BYTES))
  } catch {
    return null
  }
  if (!Array.isArray(names) || names.length !== 3 || !names.every((name) => typeof name === 'string')) return null
  const [from, to, boot] = names as [string, string, string]
  return { from, to, boot }
}
