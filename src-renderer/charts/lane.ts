/** Stretches on lanes, ready to be drawn; `look` names colour and pattern in lane.css, a fault's family those of a fault. */
import type { FaultFamily } from '@shared/plan/faults/fault'

export type Look =
  | 'leader'
  | 'follower'
  | 'candidate'
  | 'learner'
  | 'paused'
  | 'down'
  | 'stale-leader'
  | 'led'
  | 'none'
  | 'phase'
  | 'fault'

export interface LaneSpan {
  key: string
  fromMs: number
  toMs: number
  look: Look
  /** of a fault */
  family?: FaultFamily
  /** inside the bar, when it fits; `shortLabel` when only that does */
  label: string
  shortLabel?: string
  /** on hover and for screen readers */
  title: string
}

/** What was planned. */
export interface LaneOutline {
  key: string
  fromMs: number
  toMs: number
  family: FaultFamily
  title: string
}

export interface FaultLane {
  spans: LaneSpan[]
  outlines: LaneOutline[]
}

/**
 * Faults on as few lanes as keep them apart, each in the first that is free from the earlier of its planned and its
 * real begin to the later of its ends. More than `lanesMax` share the last.
 */
export function faultLanes(spans: readonly LaneSpan[], outlines: readonly LaneOutline[], lanesMax: number): FaultLane[] {
  const lanes: (FaultLane & { freeFromMs: number })[] = []
  const whole = [...new Set([...outlines, ...spans].map(({ key }) => key))].map((key) => {
    const [own, planned] = [spans.filter((span) => span.key === key), outlines.filter((outline) => outline.key === key)]
    const all = [...own, ...planned]
    return { own, planned, fromMs: Math.min(...all.map(({ fromMs }) => fromMs)), toMs: Math.max(...all.map(({ toMs }) => toMs)) }
  })
  for (const { own, planned, fromMs, toMs } of whole.toSorted((a, b) => a.fromMs - b.fromMs)) {
    let lane = lanes.find(({ freeFromMs }) => freeFromMs <= fromMs)
    if (!lane && lanes.length < lanesMax) lanes.push((lane = { spans: [], outlines: [], freeFromMs: toMs }))
    lane ??= lanes.at(-1)!
    lane.freeFromMs = Math.max(lane.freeFromMs, toMs)
    lane.spans.push(...own)
    lane.outlines.push(...planned)
  }
  return lanes
}
