/**
 * A snapshot's table of contents: where in the log it stands, and its parts in order, a full one and then changes, each
 * with its length and CRC-32C. One line of JSON, then the CRC-32C of that line: half a manifest is none.
 */
import { CHAIN_MAX_MOST } from '@shared/raft'
import type { Membership, SnapshotMeta } from '../../raft/types'
import { crc32c } from '../crc32c'

export interface PartFile {
  file: string
  kind: 'full' | 'changes'
  /** the last entry in it */
  index: number
  bytes: number
  crc: number
}

export interface Manifest extends SnapshotMeta {
  parts: readonly PartFile[]
}

const PART_NAME = /^part-\d{1,16}-[0-9a-f]{8}\.snap$/

export function encodeManifest({ index, term, membership, parts }: Manifest): Buffer {
  const line = JSON.stringify({ version: 1, index, term, membership, parts })
  return Buffer.from(`${line}\n${crc32c(Buffer.from(line)).toString(16).padStart(8, '0')}\n`)
}

/** @returns the manifest, or what is wrong with it: it may come from a damaged disk or from a peer */
export function decodeManifest(bytes: Buffer): Manifest | string {
  const [line, sum] = bytes.toString('utf8').split('\n')
  if (line === undefined || sum !== crc32c(Buffer.from(line)).toString(16).padStart(8, '0')) return 'its checksum does not fit'
  let body: unknown
  try {
    body = JSON.parse(line)
  } catch (error) {
    return `it holds no JSON: ${(error as Error).message}`
  }
  const { version, ...manifest } = body as Manifest & { version: unknown }
  if (version !== 1) return `it has version ${String(version)}, this node reads 1`
  return isManifest(manifest) ? manifest : 'it lacks what a manifest has'
}

export function totalBytes({ parts }: Manifest): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}

function isManifest({ index, term, membership, parts }: Manifest): boolean {
  if (!isCount(index) || !isCount(term) || !isMembership(membership) || !Array.isArray(parts)) return false
  if (parts.length < 1 || parts.length > CHAIN_MAX_MOST || new Set(parts.map(({ file }) => file)).size < parts.length) return false
  return parts.every(
    ({ file, kind, bytes, crc, index: at }, i) =>
      typeof file === 'string' && PART_NAME.test(file) && kind === (i === 0 ? 'full' : 'changes') && [bytes, crc, at].every(isCount),
  )
}

function isMembership(value: Membership | undefined): boolean {
  const areNames = (names: unknown): boolean => Array.isArray(names) && names.every((name) => typeof name === 'string')
  return typeof value === 'object' && value !== null && areNames(value.voters) && areNames(value.outgoing) && areNames(value.learners)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
