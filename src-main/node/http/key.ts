/** Keys and values as clients may write them: a key is 1 to 512 bytes of UTF-8, percent-encoded in the path. */
import { isUtf8 } from 'node:buffer'
import { VALUE_BYTES_MAX } from '../state/machine'

const KEY_BYTES_MAX = 512
const CLIENT_BYTES_MAX = 128

/** @returns the key, or what is wrong with it */
export function parseKey(encoded: string): { key: string } | { problem: string } {
  if (encoded === '') return { problem: 'the key is empty' }
  if (!/^[\x21-\x7e]*$/.test(encoded)) return { problem: 'the key is not percent-encoded' }
  let key: string
  try {
    key = decodeURIComponent(encoded)
  } catch {
    return { problem: 'the key is no percent-encoded UTF-8' }
  }
  const bytes = Buffer.byteLength(key)
  return bytes <= KEY_BYTES_MAX ? { key } : { problem: `the key has ${bytes} bytes, at most ${KEY_BYTES_MAX} are allowed` }
}

/** Bytes of a value that came as a body. */
export function valueProblem(bytes: Buffer): string | null {
  return isUtf8(bytes) ? null : 'the value is no UTF-8'
}

export type Cas = { kind: 'cas'; expect: Buffer | null; value: Buffer } | { kind: 'malformed'; problem: string } | { kind: 'too-large' }

/** The body of a cas: {"expect": string or null, "value": string}, nothing else. */
export function parseCas(bytes: Buffer): Cas {
  const malformed = (problem: string): Cas => ({ kind: 'malformed', problem })
  if (!isUtf8(bytes)) return malformed('the body is no UTF-8')
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return malformed(`the body is no JSON: ${(error as Error).message}`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return malformed('the body is no JSON object')
  const { expect, value, ...others } = body as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return malformed(`unknown field ${JSON.stringify(unknown)}, a cas has expect and value`)
  if (typeof value !== 'string') return malformed('value is no string')
  if (expect !== null && typeof expect !== 'string') return malformed('expect is neither a string nor null')
  if (hasLoneSurrogate(value) || (expect !== null && hasLoneSurrogate(expect))) return malformed('a lone surrogate has no UTF-8 form')
  const wanted = { expect: expect === null ? null : Buffer.from(expect), value: Buffer.from(value) }
  if (wanted.value.length > VALUE_BYTES_MAX || (wanted.expect?.length ?? 0) > VALUE_BYTES_MAX) return { kind: 'too-large' }
  return { kind: 'cas', ...wanted }
}

export interface SessionHeaders {
  session: { client: string; seq: number } | null
}

/** Faultline-Client and Faultline-Seq: both or none. */
export function parseSession(client: string | undefined, seq: string | undefined): SessionHeaders | { problem: string } {
  if (client === undefined && seq === undefined) return { session: null }
  if (client === undefined || seq === undefined) return { problem: 'Faultline-Client and Faultline-Seq go together' }
  if (client === '' || client.length > CLIENT_BYTES_MAX || !/^[\x20-\x7e]+$/.test(client)) {
    return { problem: `Faultline-Client is 1 to ${CLIENT_BYTES_MAX} visible characters` }
  }
  const number = /^[1-9]\d{0,15}$/.test(seq) ? Number(seq) : Number.NaN
  return Number.isSafeInteger(number) ? { session: { client, seq: number } } : { problem: 'Faultline-Seq is an integer from 1 to 2^53 - 1' }
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}
