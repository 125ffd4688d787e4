/** A size asked and seen, as people read it: "asked 100 ms, seen 101.3 ± 0.8 ms". */
import type { FaultSize } from './event'

const DECIMALS_MAX = 6

/** What was seen has the decimals that its interval gives meaning to. */
export function sizeText({ asked, seen, spread, unit }: FaultSize): string {
  const figure = (value: string): string => (unit === '' ? value : `${value} ${unit}`)
  return `asked ${figure(rounded(asked))}, seen ${figure(spread ? within(seen, spread) : rounded(seen))}`
}

function within(seen: number, spread: number): string {
  const decimals = Math.min(DECIMALS_MAX, Math.max(0, -Math.floor(Math.log10(spread))))
  return `${seen.toFixed(decimals)} ± ${spread.toFixed(decimals)}`
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)))
