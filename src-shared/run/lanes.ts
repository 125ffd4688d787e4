/**
 * A violation as lanes, one a client: which bar runs from where to where, and what stands on it. Moments are ranks, not
 * times: what matters is what came before what, and a stale read may come seconds after writes of a few microseconds.
 */
import type { Operation } from './operation'
import type { Violation } from './violation'

export interface LaneBar {
  /** position in the violation's operations */
  position: number
  /** what was asked, and what was answered */
  label: string
  /** ranks in `momentsNs`; `to` is null where the answer was never heard: the bar has no end */
  from: number
  to: number | null
  /** whether it has a place in the longest order */
  isExplained: boolean
}

export interface Lane {
  client: string
  /** by ascending start; none overlaps another */
  bars: LaneBar[]
}

export interface Lanes {
  lanes: Lane[]
  /** when something began or was answered, ascending */
  momentsNs: number[]
}

/** A client with several operations at once has several lanes, one below the other. */
export function layOut({ operations, longest_order }: Violation): Lanes {
  const momentsNs = [...new Set(operations.flatMap(({ start_ns, end_ns }) => (end_ns === null ? [start_ns] : [start_ns, end_ns])))]
  momentsNs.sort((a, b) => a - b)
  const rank = new Map(momentsNs.map((atNs, index) => [atNs, index]))
  const shorten = shortenerFor(operations)
  const lanes: Lane[] = []
  for (const [position, operation] of operations.entries()) {
    const bar: LaneBar = {
      position,
      label: describe(operation, shorten),
      from: rank.get(operation.start_ns)!,
      to: operation.end_ns === null ? null : rank.get(operation.end_ns)!,
      isExplained: longest_order.includes(position),
    }
    const own = lanes.find(({ client, bars }) => client === operation.client && endOf(bars.at(-1)!) <= bar.from)
    if (own !== undefined) {
      own.bars.push(bar)
      continue
    }
    const above = lanes.findLastIndex(({ client }) => client === operation.client)
    lanes.splice(above < 0 ? lanes.length : above + 1, 0, { client: operation.client, bars: [bar] })
  }
  return { lanes, momentsNs }
}

function endOf({ to }: LaneBar): number {
  return to ?? Infinity
}

function describe(operation: Operation, shorten: (value: string | null) => string): string {
  const { op, value = '', expect = null, outcome, result, swapped, prior } = operation
  const before = prior === undefined ? '' : `, before it ${shorten(prior)}`
  const answer = outcome === 'unknown' ? ' → no answer' : before
  switch (op) {
    case 'get':
      return outcome === 'ok' ? `get → ${shorten(result ?? null)}` : 'get → no answer'
    case 'delete':
      return `delete${answer}`
    case 'put':
    case 'append':
      return `${op} ${shorten(value)}${answer}`
    case 'cas':
      return `cas ${shorten(expect)} to ${shorten(value)}${outcome === 'ok' ? ` → ${swapped === true ? 'swapped' : 'left as it was'}` : ''}${answer}`
  }
}

const SHOWN_MIN = 12
const SHOWN_MAX = 60

/** Cuts long values where they are still told apart. */
function shortenerFor(operations: readonly Operation[]): (value: string | null) => string {
  const values = new Set<string>()
  for (const { value, expect, result, prior } of operations) {
    for (const one of [value, expect, result, prior]) if (typeof one === 'string') values.add(one)
  }
  let shown = SHOWN_MIN
  while (shown < SHOWN_MAX && new Set([...values].map((value) => value.slice(0, shown))).size < values.size) shown++
  return (value) => {
    if (value === null) return 'absent'
    return value.length > shown ? `"${value.slice(0, shown)}…"` : `"${value}"`
  }
}
