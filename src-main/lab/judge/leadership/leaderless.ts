/**
 * Time without a leader, in two senses. Nominal: no node claims to lead (crashed and paused nodes claim nothing; a
 * stale leader does). Effective: no leader is acknowledged by a quorum, whatever anybody claims.
 */
import type { QuorumAck } from '@shared/run/event'
import { type Axis, type Stretch, lengthMs, overlap } from '../axis'
import { type NodeSpan, claimsLeadership } from './node-spans'

export function nominalLeaderless(spans: readonly NodeSpan[], within: Stretch): Stretch[] {
  const claimed = spans.filter(claimsLeadership).sort((a, b) => a.fromMs - b.fromMs)
  const gaps: Stretch[] = []
  let coveredMs = within.fromMs
  for (const span of claimed) {
    if (span.fromMs > coveredMs) gaps.push({ fromMs: coveredMs, toMs: span.fromMs })
    coveredMs = Math.max(coveredMs, span.toMs)
  }
  gaps.push({ fromMs: coveredMs, toMs: within.toMs })
  return clip(gaps, within)
}

/**
 * A leader's heartbeat rounds are acknowledged one after the other. Leaderless is the time from the last quorum
 * acknowledgement of one leadership (node and term) to the first of the next, and within one leadership from an
 * acknowledgement to the next where that is more than the shortest election timeout away that was in force at the
 * first: by then a follower that heard nothing may have stood for election. An acknowledgement of an older term than one seen before counts for nothing.
 */
export function effectiveLeaderless(
  acks: readonly QuorumAck[],
  axis: Axis,
  shortestTimeoutMs: (atMs: number) => number,
  within: Stretch,
): Stretch[] {
  const gaps: Stretch[] = []
  let last: QuorumAck | null = null
  let lastMs = -Infinity
  for (const ack of [...acks].sort((a, b) => a.atNs - b.atNs)) {
    if (last !== null && ack.term < last.term) continue
    const atMs = axis.toMs(ack.atNs)
    const isSameLeadership = last !== null && last.node === ack.node && last.term === ack.term
    if (!isSameLeadership || atMs - lastMs > shortestTimeoutMs(lastMs)) gaps.push({ fromMs: lastMs, toMs: atMs })
    last = ack
    lastMs = atMs
  }
  if (within.toMs - lastMs > shortestTimeoutMs(lastMs)) gaps.push({ fromMs: lastMs, toMs: within.toMs })
  return clip(gaps, within)
}

export function totalAndLongest(gaps: readonly Stretch[]): { total: number; longest: number } {
  const lengths = gaps.map(lengthMs)
  const round = (ms: number): number => Math.round(ms * 1e3) / 1e3
  return { total: round(lengths.reduce((sum, ms) => sum + ms, 0)), longest: round(Math.max(0, ...lengths)) }
}

export function clip(gaps: readonly Stretch[], within: Stretch): Stretch[] {
  return gaps.map((gap) => overlap(gap, within)).filter((gap) => lengthMs(gap) > 0)
}
