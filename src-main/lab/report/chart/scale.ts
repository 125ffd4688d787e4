/** Axes: where a value lies on the drawing, and which values get a label. */

export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

/** @param to the drawing's coordinate of `domain[1]`; may be smaller than `from` (y grows downwards) */
export function linearScale(domain: [number, number], from: number, to: number, maxTicks: number): Scale {
  const [low, high] = domain
  const span = high - low || 1
  const step = niceStep(span / maxTicks)
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step + 1e-9)
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  return Object.assign((value: number) => from + ((value - low) / span) * (to - from), { ticks })
}

/** Ticks at 1, 2 and 5 of each decade; only at 1 where there are many decades. Values outside are drawn at the edge. */
export function logScale(domain: [number, number], from: number, to: number): Scale {
  const [low, high] = [Math.log10(domain[0]), Math.log10(domain[1])]
  const span = high - low || 1
  const steps = span > 4 ? [1] : [1, 2, 5]
  const decades = Array.from({ length: Math.ceil(span) + 2 }, (_, i) => Math.floor(low) + i)
  const ticks = decades
    .flatMap((decade) => steps.map((step) => Number((step * 10 ** decade).toPrecision(6))))
    .filter((tick) => tick >= domain[0] * 0.999 && tick <= domain[1] * 1.001)
  const at = (value: number) => {
    const position = (Math.log10(Math.max(value, domain[0])) - low) / span
    return from + Math.min(1, position) * (to - from)
  }
  return Object.assign(at, { ticks })
}

/** The next number of the form 1, 2 or 5 × 10ⁿ that is at least this. */
export function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const step = [1, 2, 5, 10].find((factor) => factor * power >= atLeast * (1 - 1e-9)) ?? 10
  return step * power
}

/** The last number of the form 1, 2 or 5 × 10ⁿ that is at most this. */
export function niceFloor(atMost: number): number {
  const power = 10 ** Math.floor(Math.log10(atMost))
  const step = [5, 2, 1].find((factor) => factor * power <= atMost * (1 + 1e-9)) ?? 1
  return step * power
}
