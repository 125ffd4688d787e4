import { describe, expect, it } from 'vitest'
import { Silences } from '../../../src-main/lab/probes/silences'

/** Arrivals every 20 ms but in cuts, where what was sent arrives at their end, or (`lost`) nothing does. */
function noted(cuts: readonly [fromMs: number, toMs: number][], isLost: boolean): [atMs: number, ms: number][] {
  const silences = new Silences(20, 100)
  const got: [number, number][] = []
  for (let sentMs = 7; sentMs < 4_000; sentMs += 20) {
    const cut = cuts.find(([from, to]) => sentMs >= from && sentMs < to)
    if (cut && isLost) continue
    silences.arrived(cut ? cut[1] : sentMs, (atNs, value) => got.push([atNs / 1e6, value]))
  }
  return got
}

describe('silences between arrivals', () => {
  it.each([
    ['stalled', false],
    ['lost', true],
  ])('are as long as the cut, within a beat, where what is sent meanwhile is %s', (_what, isLost) => {
    const silent = noted([[1_000, 1_400], [2_000, 2_400], [3_000, 3_400]], isLost).filter(([, ms]) => ms > 0)
    expect(silent).toHaveLength(3)
    for (const [, ms] of silent) expect(Math.abs(ms - 400)).toBeLessThanOrEqual(20)
    const [first, second] = silent.map(([atMs]) => atMs)
    expect(second! - first!).toBe(1_000)
  })

  it('that are short are not noted; that the path carries is, ten times a second at most', () => {
    const got = noted([[1_000, 1_050]], true)
    expect(got.every(([, ms]) => ms === 0)).toBe(true)
    expect(got.length).toBeGreaterThan(30)
    expect(got.length).toBeLessThanOrEqual(40)
  })
})
