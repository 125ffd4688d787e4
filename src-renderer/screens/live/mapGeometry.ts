/** Where nodes and links lie on the cluster map: fixed by order, so that nothing moves while roles change. */
import type { LiveFrame } from '@shared/api/live'

export const MAP = { width: 560, height: 404, nodePx: 25 } as const
const CENTRE = { x: MAP.width / 2, y: MAP.height / 2 }
const RING_PX = 142
const LABEL_PX = 34
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
}

/** @returns places by node id, the first at the top, clockwise */
export function placeNodes(ids: readonly string[]): Map<string, NodePlace> {
  return new Map(
    ids.map((id, i) => {
      const angle = (i / ids.length) * 2 * Math.PI - Math.PI / 2
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      const at = { x: CENTRE.x + RING_PX * cos, y: CENTRE.y + RING_PX * sin }
      return [id, { ...at, label: placeLabel(at, cos, sin) }]
    }),
  )
}

/** Outside the ring, where no link passes. Two lines of text: `y` is the first base line. */
function placeLabel(at: Point, cos: number, sin: number): NodePlace['label'] {
  if (Math.abs(cos) > 0.8) return { x: at.x + Math.sign(cos) * LABEL_PX, y: at.y - 2, anchor: cos > 0 ? 'start' : 'end' }
  return { x: at.x, y: sin < 0 ? at.y - LABEL_PX - 14 : at.y + LABEL_PX + 10, anchor: 'middle' }
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
  const [startPx, endPx] = [MAP.nodePx + 6, length - MAP.nodePx - 7]
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
