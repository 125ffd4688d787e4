/** A stretch on a lane, ready to be drawn; `look` names its colour and pattern in lane.css. */
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
  | 'fault-process'
  | 'fault-network'

export interface LaneSpan {
  key: string
  fromMs: number
  toMs: number
  look: Look
  /** inside the bar, when it fits; `shortLabel` when only that does */
  label: string
  shortLabel?: string
  /** on hover and for screen readers */
  title: string
}

/** Crash and pause act on processes, latency and partition on the network. */
export function faultLook(fault: string): 'fault-process' | 'fault-network' {
  return fault === 'crash' || fault === 'pause' ? 'fault-process' : 'fault-network'
}
