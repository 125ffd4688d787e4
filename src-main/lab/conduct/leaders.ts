/** Who led since load start, from what the nodes tell: for conditions on leaders, while the run goes on. */
import type { QuorumAck, RunEvent } from '@shared/run/event'

export class Leaders {
  /** last round of heartbeats that a quorum acknowledged, ns since the origin */
  lastAckNs: number | null = null
  /** one a term */
  private readonly elected: { term: number; atNs: number }[] = []

  hear(event: RunEvent): void {
    if (event.kind !== 'role' || event.role !== 'leader') return
    if (this.elected.some(({ term }) => term === event.term)) return
    this.elected.push({ term: event.term, atNs: event.atNs })
  }

  acknowledged({ atNs }: QuorumAck): void {
    this.lastAckNs = Math.max(this.lastAckNs ?? 0, atNs)
  }

  /** Moments at which a new term got its leader, in order, since `fromNs`. */
  electedSince(fromNs: number): number[] {
    return this.elected.map(({ atNs }) => atNs).filter((atNs) => atNs >= fromNs)
  }
}
