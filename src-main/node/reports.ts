/**
 * What the node tells its engine over the IPC channel. The channel may close at any moment, and an engine may be slow
 * to read: events always go, samples and quorum echoes are left out while too much is on its way.
 */
import type { QuorumAck, RunEvent } from '@shared/run/event'
import type { CoreEvent } from '../raft/types'
import type { NodeReport } from './child'
import type { Clocks } from './clocks'

/** about ten seconds of reports */
const UNDELIVERED_MAX = 1_000
/** a leader under load is echoed far more often than anybody can use */
const ACK_GAP_NS = 10e6

export class Reports {
  private undelivered = 0
  private lastAckNs = -Infinity
  private heldAck: QuorumAck | null = null
  private ackTimer: NodeJS.Timeout | null = null

  send(report: NodeReport, onSent?: () => void): void {
    if (process.send === undefined || !process.connected) return onSent?.()
    const isEssential = report.type !== 'sample' && report.type !== 'ack'
    if (!isEssential && this.undelivered >= UNDELIVERED_MAX) return
    this.undelivered++
    process.send(report, undefined, undefined, () => {
      // an error here means that the channel is gone; 'disconnect' follows and ends the process
      this.undelivered--
      onSent?.()
    })
  }

  /** What happened in the core, in the run's words. */
  core(event: CoreEvent, node: string, { truth, timers }: Clocks): void {
    const atNs = truth.nowNs()
    if (event.kind === 'quorumAck') return this.ack({ node, term: event.term, sentNs: timers.trueNs(event.sentMs), atNs })
    this.send({ type: 'event', event: runEventOf(event, { atNs, node }) })
  }

  /** The newest echo of a quorum says everything older ones said, so at most one goes in ten milliseconds. */
  private ack(ack: QuorumAck): void {
    if (ack.atNs - this.lastAckNs >= ACK_GAP_NS) return this.sendAck(ack)
    this.heldAck = ack
    this.ackTimer ??= setTimeout(() => {
      if (this.heldAck !== null) this.sendAck(this.heldAck)
    }, ACK_GAP_NS / 1e6)
  }

  private sendAck(ack: QuorumAck): void {
    this.lastAckNs = ack.atNs
    this.heldAck = null
    if (this.ackTimer !== null) clearTimeout(this.ackTimer)
    this.ackTimer = null
    this.send({ type: 'ack', ack })
  }
}

function runEventOf(event: Exclude<CoreEvent, { kind: 'quorumAck' }>, where: { atNs: number; node: string }): RunEvent {
  switch (event.kind) {
    case 'quorumLost':
      return { ...where, ...event, kind: 'quorum-lost' }
    case 'timeoutChanged':
      return { ...where, ...event, kind: 'timeout-changed' }
    case 'diskStalled':
      return { ...where, ...event, kind: 'disk-stalled' }
    case 'membership': {
      const { voters, outgoing, learners } = event.membership
      const sets = { voters: [...voters], outgoing: [...outgoing], learners: [...learners] }
      return { ...where, kind: event.kind, term: event.term, index: event.index, stage: event.stage, ...sets }
    }
    case 'role':
    case 'campaign':
    case 'truncated':
    case 'suspected':
    case 'checked':
    case 'transfer':
      return { ...where, ...event }
  }
}
