/** What a world met: the proof that a seed is a whole world, and that the faults drawn for it really happened. */

/** Everything that is counted, in the order of the report. */
export const COVERED = [
  '60 s of virtual time',
  '200 client operations',
  'crash that lost unsynced data',
  'two network faults',
  'snapshot installed or membership change finished',
  'leader elected',
  'leader lost its quorum',
  'log truncated',
  'crash',
  'torn write cut',
  'unsynced batch survived',
  'bit flipped and detected',
  'disk full',
  'disk slow',
  'node paused',
  'clock drifted',
  'partition',
  'one-way partition',
  'link cut',
  'path clogged',
  'storm of loss and replays',
  'message lost',
  'message cut off',
  'message replayed',
  'messages overtook',
  'write acknowledged',
  'write retried and acknowledged',
  'repeat answered from the session',
  'session expired',
  'write of unknown fate',
  'read served',
  'lease read served',
  'read failed',
  'cas swapped',
  'cas refused',
  'append',
  'delete',
  'snapshot made',
  'snapshot installed',
  'snapshot transfer failed',
  'crash between snapshot and log cut',
  'membership change finished',
  'membership change undone',
  'membership change refused',
  'node added',
  'node removed',
  'leadership transferred',
  'leadership transfer given up',
  'timeout adapted',
  'leader suspected',
  'history undecided',
] as const

export type Covered = (typeof COVERED)[number]

export class Coverage {
  readonly #times = new Map<Covered, number>()

  met(event: Covered): void {
    this.#times.set(event, (this.#times.get(event) ?? 0) + 1)
  }

  times(event: Covered): number {
    return this.#times.get(event) ?? 0
  }

  /** @returns what was met at least once, in the order of the report */
  events(): Covered[] {
    return COVERED.filter((event) => this.times(event) > 0)
  }
}
