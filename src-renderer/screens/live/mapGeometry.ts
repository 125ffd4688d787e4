/** Where nodes and links lie on the cluster map: fixed by order, so that nothing moves while roles change. */
import type { LiveFrame } from '@shared/api/live'

export const NODE_PX = 25
const RING_PX_MIN = 60
const RING_PX_MAX = 230
/** room beside and below the outermost nodes for their labels and badges, above for crown, label and badges */
const ROOM_PX = { side: 92, above: 96, below: 88 }
/** distance between the two directions of one pair */
const SIDE_PX = 4.5
const ARROW_PX = 5
const GAP_PX = 11
/** marks sit nearer to the sender, so that those of the two directions keep apart */
const MARK_AT = 0.33

export interface Point {
  x: number
  y: number
}

export interface NodePlace extends Point {
  label: Point & { anchor: 'start' | 'middle' | 'end' }
  /** top of the badges: on the far side of the label */
  badgesY: number
}

export interface Size {
  width: number
  height: number
}

/** @returns places by node id in a picture of `size` pixels: the first at the top, clockwise */
export function placeNodes(ids: readonly string[], size: Size): Map<string, NodePlace> {
  const angles = ids.map((_, i) => (i / ids.length) * 2 * Math.PI - Math.PI / 2)
  const reach = Math.max(0, ...angles.map(Math.sin)) // a pentagon reaches less far down than up
  const fitting = Math.min(size.width / 2 - ROOM_PX.side, (size.height - ROOM_PX.above - ROOM_PX.below) / (1 + reach))
  const ringPx = Math.max(RING_PX_MIN, Math.min(RING_PX_MAX, fitting))
  const spare = size.height - ROOM_PX.above - ROOM_PX.below - ringPx * (1 + reach)
  const centre = { x: size.width / 2, y: ROOM_PX.above + ringPx + Math.max(0, spare) / 2 }
  return new Map(
    ids.map((id, i) => {
      const [cos, sin] = [Math.cos(angles[i]!), Math.sin(angles[i]!)]
      const at = { x: centre.x + ringPx * cos, y: centre.y + ringPx * sin }
      const label = placeLabel(at, cos, sin)
      return [id, { ...at, label, badgesY: label.y < at.y ? label.y - 32 : label.y + 21 }]
    }),
  )
}

/** Above the upper nodes and below the others, turned outward at the sides, where no link passes. `y` is the first of two base lines. */
function placeLabel(at: Point, cos: number, sin: number): NodePlace['label'] {
  const y = sin < -0.1 ? at.y - NODE_PX - 23 : at.y + NODE_PX + 17
  if (Math.abs(cos) < 0.8) return { x: at.x, y: sin < -0.9 ? y - 14 : y, anchor: 'middle' } // a crown has its place
  return { x: at.x - Math.sign(cos) * 18, y, anchor: cos > 0 ? 'start' : 'end' }
}

export interface ZonePlace {
  name: string
  title: string
  path: string
}

/** Zones in the order of their first node; a node without one is in none. */
export function zonePlaces(nodes: LiveFrame['nodes'], places: ReadonlyMap<string, NodePlace>): ZonePlace[] {
  const names = [...new Set(nodes.flatMap(({ zone }) => (zone === null ? [] : [zone])))]
  return names.map((name) => {
    const members = nodes.filter(({ zone }) => zone === name)
    const points = members.flatMap(({ id }) => places.get(id) ?? [])
    const [first, ...rest] = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)
    const path = `M${first}${rest.map((point) => `L${point}`).join('')}${rest.length === 0 ? 'l0.01 0' : 'z'}`
    return { name, title: `${name}: ${members.map(({ id }) => id).join(', ')}`, path }
  })
}

export interface LinkPlace {
  key: string
  /** the parts of the line: one, or two with a gap when cut */
  lines: [Point, Point][]
  arrow: string
  mark: Point
}

export function placeLink(link: LiveFrame['links'][number], nodes: ReadonlyMap<string, NodePlace>): LinkPlace | null {
  const [from, to] = [nodes.get(link.from), nodes.get(link.to)]
  if (!from || !to) return null
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
  const at = (px: number, sidePx = SIDE_PX): Point => ({
    x: from.x + along.x * px - along.y * sidePx,
    y: from.y + along.y * px + along.x * sidePx,
  })
  const [startPx, endPx] = [NODE_PX + 6, length - NODE_PX - 7]
  const markPx = length * MARK_AT
  const cut: [Point, Point][] = [
    [at(startPx), at(markPx - GAP_PX)],
    [at(markPx + GAP_PX), at(endPx)],
  ]
  const tip = at(endPx + 2)
  const [left, right] = [at(endPx - ARROW_PX, SIDE_PX - 3), at(endPx - ARROW_PX, SIDE_PX + 3)]
  return {
    key: `${link.from}-${link.to}`,
    lines: link.state === 'cut' ? cut : [[at(startPx), at(endPx)]],
    arrow: [tip, left, right].map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' '),
    mark: at(markPx),
  }
}
