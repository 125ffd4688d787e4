/** A membership as the data of a log entry or a part of a snapshot's manifest: UTF-8 JSON, since it is rare and worth reading. */
import { broken } from '../invariant'
import type { Membership, NodeId } from './membership'

export function encodeMembership({ voters, outgoing, learners, joining, learnersBefore }: Membership): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ voters, outgoing, learners, joining, learnersBefore }))
}

/** @throws BrokenInvariant: what a quorum has written must be readable everywhere, or configurations would differ */
export function decodeMembership(data: Uint8Array): Membership {
  const found = parse(data)
  if (found === null) broken('membership', `these ${data.byteLength} bytes are none`)
  const { voters, outgoing, learners, joining, learnersBefore } = found
  if (!isNames(voters) || !isNames(outgoing) || !isNames(learners) || voters.length === 0) {
    broken('membership', `voters ${String(voters)}, outgoing ${String(outgoing)}, learners ${String(learners)}`)
  }
  if (joining !== undefined && (typeof joining !== 'string' || !learners.includes(joining))) {
    broken('membership', `${String(joining)} joins and is no learner`)
  }
  if (learnersBefore !== undefined && !isNames(learnersBefore)) broken('membership', `learners before: ${String(learnersBefore)}`)
  return { voters, outgoing, learners, ...(joining === undefined ? {} : { joining }), ...(learnersBefore && { learnersBefore }) }
}

function parse(data: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // the caller names what it could not read
  }
}

function isNames(value: unknown): value is NodeId[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '') && new Set(value).size === value.length
}
