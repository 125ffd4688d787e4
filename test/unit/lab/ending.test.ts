import { describe, expect, it } from 'vitest'
import { endAfter, endTogether } from '../../../src-main/lab/faults/ending'
import type { Lease } from '../../../src-main/lab/faults/lease'

/** As much of a lease as its end needs; each step is written down. */
function lease(name: string, resumes: boolean, steps: string[], fails = false): Lease {
  let released: Promise<boolean> | null = null
  const release = (): Promise<boolean> =>
    (released ??= (async () => {
      steps.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      if (fails) throw new Error('a bug')
      steps.push(`${name} is undone`)
      return true
    })())
  return { resumes, release, end: release } as unknown as Lease
}

describe('faults that end together', () => {
  it('resume what stands still before any toxic is removed', async () => {
    const steps: string[] = []
    await endTogether([lease('latency', false, steps), lease('pause', true, steps), lease('cut', false, steps)])
    expect(steps.slice(0, 2)).toEqual(['pause begins', 'pause is undone'])
    expect(steps).toHaveLength(6)
  })

  it('do so also where each ends at its own moment, and no fault ends itself by waiting for itself', async () => {
    const steps: string[] = []
    const [pause, latency] = [lease('pause', true, steps), lease('latency', false, steps)]
    await Promise.all([endAfter(latency, [pause, latency]), endAfter(pause, [pause, latency])])
    expect(steps).toEqual(['pause begins', 'pause is undone', 'latency begins', 'latency is undone'])
  })

  it('all end though one of them throws, and it is told which', async () => {
    const steps: string[] = []
    expect(await endTogether([lease('a', false, steps), lease('b', true, steps, true), lease('c', false, steps)])).toEqual([true, false, true])
  })
})
