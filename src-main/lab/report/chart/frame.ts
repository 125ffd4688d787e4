/** The drawing's common measure: one time axis, rows below each other, names on the left. */
import type { Timeline } from '@shared/run/report'
import { markup, type Markup } from '../markup'
import { linearScale, type Scale } from './scale'

export const WIDTH = 1040
export const LEFT = 96
export const RIGHT = WIDTH - 14

export interface Frame {
  timeline: Timeline
  /** ms since load start → x */
  x: Scale
}

/** One row of the drawing, `top` being where it starts. */
export interface Row {
  height: number
  /** true: fault bands run through it */
  isChart: boolean
  draw(top: number): Markup
}

export function frameOf(timeline: Timeline): Frame {
  return { timeline, x: linearScale([timeline.fromMs, timeline.toMs], LEFT, RIGHT, 12) }
}

/** x of a moment, kept within the axis. */
export function within({ timeline, x }: Frame, ms: number): number {
  return x(Math.min(timeline.toMs, Math.max(timeline.fromMs, ms)))
}

export function rowName(text: string, y: number, className = ''): Markup {
  return markup`<text class="name ${className}" x="${LEFT - 10}" y="${y}">${text}</text>`
}
