/** Faults of the traffic are seen in what the generator counted as due: how much, for which key, of which size, and who had to wait. */
import { type FaultObserver, type Observation, observer, type Seen } from './fault'
import { sizeOf } from './size'
import { secondsOf, type Span, sumOf } from './traffic'

type Where = Pick<Observation, 'drawn' | 'traffic' | 'acknowledgedNs' | 'untilNs'>

const WITHIN_MS = 15_000
/** Arrivals and keys are drawn: a difference counts where it is so many standard deviations of what chance does. */
const DEVIATIONS = 4

/** What is asked of each group, and how it shows in what was between readings. */
interface Asked<V> {
  what: string
  unit: string
  /** as in the size */
  asked(values: V): number
  /** of this group without the fault */
  usual(group: string, observation: Where): number
  /** of all these together; null = not enough to tell from chance */
  shown(spans: readonly Span[], asked: number, usual: number): number | null
  /** of each, in the unit */
  each(spans: readonly Span[], usual: number, observation: Where): number[]
}

function asking<V>(of: Asked<V>): FaultObserver<V> {
  /** Since the order, of each group: `wanted` rather than `instead`. */
  const look = (observation: Observation<V>, isAsked: boolean): Seen => {
    const { drawn, traffic, values, acknowledgedNs } = observation
    if (traffic.isOver && !isAsked) return 'nothing is asked any more'
    const says = drawn.groups.map((group) => {
      const [asked, usual] = [of.asked(values), of.usual(group, observation)]
      const shown = of.shown(traffic.spans(group, acknowledgedNs), asked, usual)
      const isShown = shown !== null && Math.abs(shown - asked) < Math.abs(shown - usual)
      return shown !== null && isShown === isAsked ? `${group}: ${shown.toPrecision(3)} ${of.unit}` : null
    })
    return says.every((text) => text !== null) ? says.join(', ') : null
  }
  return {
    withinMs: WITHIN_MS,
    isThere: (observation) => look(observation, true),
    isGone: (observation) => look(observation, false),
    size(observation) {
      const { drawn, traffic, values, acknowledgedNs } = observation
      const readings = drawn.groups.flatMap((group) => of.each(traffic.spans(group, acknowledgedNs), of.usual(group, observation), observation))
      return sizeOf(of.what, of.asked(values), readings, of.unit)
    },
  }
}

const ratePerS = (spans: readonly Span[]): number => sumOf(spans, 'requests') / secondsOf(spans)

/** @returns requests per second once there were so many that two rates can be told apart */
function toldApart(spans: readonly Span[], one: number, other: number): number | null {
  const requests = Math.max(one, other) * secondsOf(spans)
  const isEnough = spans.length > 0 && Math.abs(one - other) * secondsOf(spans) >= DEVIATIONS * Math.sqrt(requests)
  return isEnough ? ratePerS(spans) : null
}

export const spike = observer(
  asking<{ rate: number }>({
    what: 'requests per second',
    unit: '/s',
    asked: ({ rate }) => rate,
    usual: (group, { traffic }) => traffic.planned(group).ratePerS,
    shown: toldApart,
    each: (spans) => spans.map((span) => ratePerS([span])),
  }),
)

export const ramp = observer<{ to: number }>({
  ...asking<{ to: number }>({
    what: 'requests per second at the end',
    unit: '/s',
    asked: ({ to }) => to,
    usual: (group, { traffic }) => traffic.planned(group).ratePerS,
    shown: toldApart,
    // each rate carried on to the end of the line: of the second half, where it has left the usual one well behind
    each(spans, usual, observation) {
      const parts = spans.map((span) => ({ span, part: partOf(observation, (span.fromNs + span.toNs) / 2) }))
      return parts.flatMap(({ span, part }) => (part < 0.5 ? [] : [usual + (ratePerS([span]) - usual) / part]))
    },
  }),
  withinMs: 600_000, // it rises as slowly as it was asked to
  isThere: rampSeen,
})

/** How much of the line has been walked. */
const partOf = ({ acknowledgedNs, untilNs }: Where, atNs: number): number =>
  Math.min(1, (atNs - acknowledgedNs) / Math.max(1, untilNs - acknowledgedNs))

/** The newest second has moved: at least half of the way that it should have. */
function rampSeen(observation: Observation<{ to: number }>): Seen {
  const { drawn, traffic, values, acknowledgedNs } = observation
  const says = drawn.groups.map((group) => {
    const usual = traffic.planned(group).ratePerS
    const spans = traffic.spans(group, acknowledgedNs).slice(-5)
    if (spans.length === 0) return null
    const middleNs = (spans[0]!.fromNs + spans.at(-1)!.toNs) / 2
    const wanted = usual + (values.to - usual) * partOf(observation, middleNs)
    const shown = toldApart(spans, wanted, usual)
    return shown !== null && Math.abs(shown - wanted) < Math.abs(shown - usual) ? `${group}: ${usual} → ${shown.toPrecision(3)} /s` : null
  })
  return says.every((text) => text !== null) ? says.join(', ') : null
}

export const hotKey = observer(
  asking<{ share: number }>({
    what: 'requests to the hot key',
    unit: '%',
    asked: ({ share }) => 100 * share,
    usual: (group, { traffic }) => 100 / traffic.planned(group).keys,
    shown(spans, asked, usual) {
      const requests = sumOf(spans, 'requests')
      const isEnough = requests > 0 && (Math.abs(asked - usual) / 100) * requests >= DEVIATIONS * Math.sqrt(requests * 0.25)
      return isEnough ? (100 * sumOf(spans, 'toFirstKey')) / requests : null
    },
    each: (spans) => spans.flatMap(({ toFirstKey, requests }) => (requests > 0 ? [(100 * toFirstKey) / requests] : [])),
  }),
)

export const largeValues = observer(
  asking<{ size: number }>({
    what: 'size of the values written',
    unit: 'KB',
    asked: ({ size }) => size / 1_000,
    usual: (group, { traffic }) => traffic.planned(group).valueSizeBytes / 1_000,
    shown: (spans) => (sumOf(spans, 'values') > 0 ? sumOf(spans, 'valueBytes') / sumOf(spans, 'values') / 1_000 : null),
    each: (spans) => spans.flatMap(({ valueBytes, values }) => (values > 0 ? [valueBytes / values / 1_000] : [])),
  }),
)

export const pool = observer<{ size: number }>({
  withinMs: WITHIN_MS,
  isThere(observation) {
    const { values } = observation
    return eachGroup(observation, (spans, group) => {
      const pinned = spans.findLast(({ waited, inUseMax }) => waited > 0 && inUseMax <= values.size)
      return pinned ? `${group}: ${pinned.waited} requests waited for one of ${pinned.inUseMax} connections` : null
    })
  },
  isGone(observation) {
    if (observation.traffic.isOver) return 'nothing is asked any more'
    return eachGroup(observation, (spans, group) => {
      const usual = observation.traffic.planned(group).client.pool
      const last = spans.at(-1)
      const isBack = last !== undefined && last.pool === usual && (usual !== null || last.waited === 0)
      return isBack ? `${group}: up to ${last.inUseMax} connections to a node` : null
    })
  },
  /** Where somebody had to wait: there the bound is what held. */
  size({ drawn, traffic, values, acknowledgedNs }) {
    const readings = drawn.groups.flatMap((group) => traffic.spans(group, acknowledgedNs).flatMap(({ waited, inUseMax }) => (waited > 0 ? [inUseMax] : [])))
    return sizeOf('connections to a node while requests waited', values.size, readings, '')
  },
})

function eachGroup({ drawn, traffic, acknowledgedNs }: Where, say: (spans: Span[], group: string) => Seen): Seen {
  const says = drawn.groups.map((group) => say(traffic.spans(group, acknowledgedNs), group))
  return says.every((text) => text !== null) ? says.join(', ') : null
}
