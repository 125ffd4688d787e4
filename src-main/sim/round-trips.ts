/**
 * How long messages take, as a node process measures it: every message carries a stamp, each link smooths what comes
 * back, and five times a second the core is told. Only adaptive timers listen, so only their worlds pay for it.
 */
import { RoundTrip, STAMP_BYTES } from '../node/peers/round-trip'
import type { NodeId } from '../raft/types'
import type { Host } from './surroundings'

const SAMPLE_MS = 200

export class RoundTrips {
  readonly #links = new Map<NodeId, RoundTrip>()

  constructor(private readonly node: Host) {}

  start(): void {
    const { node } = this
    const { around, life } = node
    around.agenda.after(SAMPLE_MS, () => {
      if (node.life !== life) return
      node.happen(life, () => this.#tell())
      this.start()
    })
  }

  /** What a message to `peer` carries along. */
  stamp(peer: NodeId): Buffer {
    const stamp = Buffer.allocUnsafe(STAMP_BYTES)
    this.#link(peer).writeStamp(stamp, 0, this.node.localMs)
    return stamp
  }

  read(peer: NodeId, stamp: Buffer): void {
    this.#link(peer).readStamp(stamp, this.node.localMs)
  }

  #tell(): void {
    const { node } = this
    for (const [peer, { rttMs, deviationMs }] of this.#links) {
      if (rttMs !== null) node.raft!.observeRtt(peer, rttMs, deviationMs ?? 0, node.localMs)
    }
    node.pump()
  }

  #link(peer: NodeId): RoundTrip {
    let link = this.#links.get(peer)
    if (link === undefined) this.#links.set(peer, (link = new RoundTrip()))
    return link
  }
}
