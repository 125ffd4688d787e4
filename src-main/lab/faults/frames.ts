/** Loss, copies and overtaking are counted by the receiver, from the numbers that frames carry. */
import type { FaultSize, LinkSample } from '@shared/run/event'
import { observableLinks, observer, type Observation, samplesOf } from './fault'

interface Values {
  share: number
}

/** What a receiver counted in between, over all links. */
interface Counted {
  hit: number
  of: number
}

type Count = (link: LinkSample) => Counted

/** distinct frames that were sent and could be told of */
const known = ({ received, duplicates, gaps }: LinkSample): number => received - duplicates + gaps

export const loss = frames('frames lost', (link) => ({ hit: link.gaps, of: known(link) }))
export const duplicate = frames('frames that came twice', (link) => ({ hit: link.duplicates, of: link.received - link.duplicates }))
export const reorder = frames('frames overtaken', (link) => ({ hit: link.overtaken, of: link.received }))

/** a frame that was held back may still come so long after the order ended */
const LATE_NS = 100e6
const Z95 = 1.96

function frames(what: string, count: Count): ReturnType<typeof observer> {
  return observer<Values>({
    withinMs: ({ share }) => 5_000 + 1_000 / share, // a rare one takes time to happen
    isThere(observation) {
      const { hit, of } = between(observation, observation.acknowledgedNs, count)
      return hit > 0 ? `${what}: ${hit} of ${of}, as counted where they arrive (made in the sending node)` : null
    },
    isGone(observation) {
      const { hit, of } = between(observation, observation.acknowledgedNs + LATE_NS, count)
      return of > 0 && hit === 0 ? `${what}: none of ${of}` : null
    },
    size(observation): FaultSize | null {
      const { hit, of } = between(observation, observation.acknowledgedNs, count)
      if (of === 0) return null
      const share = hit / of
      const spread = of < 2 ? null : 100 * Z95 * Math.sqrt((share * (1 - share)) / of)
      return { what, asked: observation.values.share * 100, seen: share * 100, spread, n: of, unit: '%' }
    },
  })
}

/** From the first sample since then to the last, where the receiver is still the same process. */
function between(observation: Observation<Values>, fromNs: number, count: Count): Counted {
  const sum = { hit: 0, of: 0 }
  for (const { from, to } of observableLinks(observation)) {
    const samples = samplesOf(observation.cluster, to, fromNs)
    const [first, last] = [samples[0], samples.at(-1)]
    const [before, after] = [first, last].map((sample) => sample?.links.find(({ peer }) => peer === from))
    if (!before || !after || first!.boot !== last!.boot) continue
    sum.hit += count(after).hit - count(before).hit
    sum.of += count(after).of - count(before).of
  }
  return sum
}
