/** A violation as text: lanes with numbered bars, below them what each number was. */
import { type Lane, layOut } from './lanes'
import type { Violation } from './violation'

/** room for a number of two digits between two ends that stand at neighbouring moments */
const COLUMNS_A_MOMENT = 4

export function violationLines(violation: Violation): string[] {
  const { key, operations, longest_order, prefix } = violation
  const { lanes, momentsNs } = layOut(violation)
  const nameWidth = Math.max(...lanes.map(({ client }) => client.length))
  const bars = lanes.flatMap((lane) => lane.bars).sort((a, b) => a.position - b.position)
  const labelWidth = Math.max(...bars.map(({ label }) => label.length))
  return [
    `no order explains the first ${prefix.operations} operations on key "${key}", up to ${inMs(prefix.until_ns)} ms after load start;`,
    `these ${operations.length} are enough to see it:`,
    '',
    ...lanes.map((lane) => `  ${lane.client.padEnd(nameWidth)}  ${drawn(lane, momentsNs.length)}`),
    '',
    ...bars.map(({ position, label }) => {
      const { start_ns, end_ns } = operations[position]!
      return `  ${numberOf(position).padStart(2)}  ${label.padEnd(labelWidth)}  ${inMs(start_ns)} ms to ${end_ns === null ? 'no end' : `${inMs(end_ns)} ms`}`
    }),
    '',
    `the longest order that fits: ${longest_order.length === 0 ? 'none' : longest_order.map(numberOf).join(', ')}; nothing that is left can come next`,
  ]
}

function drawn({ bars }: Lane, moments: number): string {
  const cells = Array.from({ length: moments * COLUMNS_A_MOMENT }, () => ' ')
  for (const { position, from, to } of bars) {
    const first = from * COLUMNS_A_MOMENT
    const last = to === null ? cells.length - 1 : to * COLUMNS_A_MOMENT
    cells.fill('-', first, last)
    cells[first] = '|'
    cells[last] = to === null ? '>' : '|'
    const number = numberOf(position)
    const at = first === last ? first : first + Math.ceil((last - first - number.length) / 2)
    cells.splice(at, number.length, ...number)
  }
  return cells.join('').trimEnd()
}

function numberOf(position: number): string {
  return String(position + 1)
}

function inMs(ns: number): string {
  return (ns / 1e6).toFixed(3)
}
