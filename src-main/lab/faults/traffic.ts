/**
 * What the client groups were planned to ask, and what they were seen to ask: read from the load generator's counts of
 * what was due, five times a second. A fault tells the groups through the same face.
 */
import type { LoadSettings } from '@shared/plan/plan'
import type { LoadChange } from '@shared/run/load-change'
import type { GroupReading, WorkloadReport } from '../../workload/child'

/** Who gives a group its orders: resolves when it does as told. */
export interface LoadOrders {
  change(group: string, id: string, change: LoadChange | null): Promise<void>
}

/** What was between two readings of a group that follow one another. */
export interface Span {
  fromNs: number
  toNs: number
  /** requests that were due; of those, for the first key */
  requests: number
  toFirstKey: number
  values: number
  valueBytes: number
  /** requests that had to wait for a connection, and the most connections to one node at once */
  waited: number
  inUseMax: number
  /** connections to each node at most, at its end; null = no bound */
  pool: number | null
}

/** Ten minutes. */
const SPANS_MAX = 3_000

export class Traffic {
  /** nothing is asked any more */
  isOver = false
  private readonly groups: Map<string, { plan: LoadSettings; last: { atNs: number; reading: GroupReading } | null; spans: Span[] }>

  /** @param loads the client groups as planned */
  constructor(loads: readonly LoadSettings[]) {
    this.groups = new Map(loads.map((plan) => [plan.name, { plan, last: null, spans: [] }]))
  }

  /** @param loadStartNs ns since the run's origin */
  hear({ atNs, groups }: Pick<Extract<WorkloadReport, { type: 'batch' }>, 'atNs' | 'groups'>, loadStartNs: number): void {
    for (const reading of groups) {
      const group = this.group(reading.name)
      const now = { atNs: loadStartNs + atNs, reading }
      // several batches of one moment say nothing apart from each other
      if (group.last && now.atNs > group.last.atNs) group.spans.push(between(group.last, now))
      if (group.spans.length > SPANS_MAX) group.spans.shift()
      group.last = now
    }
  }

  planned(group: string): LoadSettings {
    return this.group(group).plan
  }

  /** Those that lie within two moments, oldest first. */
  spans(group: string, fromNs: number, toNs = Infinity): Span[] {
    return this.group(group).spans.filter((span) => span.fromNs >= fromNs && span.toNs <= toNs)
  }

  private group(name: string) {
    const group = this.groups.get(name)
    if (!group) throw new Error(`there is no client group ${name}`)
    return group
  }
}

function between(before: { atNs: number; reading: GroupReading }, now: { atNs: number; reading: GroupReading }): Span {
  const grown = (count: 'intended' | 'toFirstKey' | 'values' | 'valueBytes' | 'waited'): number => now.reading[count] - before.reading[count]
  const { inUseMax, pool } = now.reading
  return {
    fromNs: before.atNs,
    toNs: now.atNs,
    requests: grown('intended'),
    toFirstKey: grown('toFirstKey'),
    values: grown('values'),
    valueBytes: grown('valueBytes'),
    waited: grown('waited'),
    inUseMax,
    pool,
  }
}

type Count = 'requests' | 'toFirstKey' | 'values' | 'valueBytes' | 'waited'

export const sumOf = (spans: readonly Span[], count: Count): number => spans.reduce((sum, span) => sum + span[count], 0)
export const secondsOf = (spans: readonly Span[]): number => spans.reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0)
