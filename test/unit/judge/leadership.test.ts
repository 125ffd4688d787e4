import { describe, expect, it } from 'vitest'
import type { RunEvent } from '@shared/run/event'
import { judge } from '../../../src-main/lab/judge/judge'
import { acks, atNs, crash, expectation, fault, plan, records, role } from './run'

const model = (parts: Parameters<typeof records>[0], more: Parameters<typeof plan>[0] = {}) => judge(records(parts), plan(more))
const exited = (ms: number, node: string): RunEvent => ({
  kind: 'node-exited',
  atNs: atNs(ms),
  node,
  pid: 1,
  code: null,
  signal: 'SIGKILL',
  expected: true,
})
const started = (ms: number, node: string): RunEvent => ({ kind: 'node-started', atNs: atNs(ms), node, pid: 2 })
const lane = (built: ReturnType<typeof model>, node: string) =>
  built.timeline.nodes.find(({ id }) => id === node)!.spans.map(({ fromMs, toMs, state }) => [state, fromMs, toMs])

/** n1 leads term 1, is killed at 20 000, n2 leads term 2 from 20 250; n1 is back at 25 000. Last ack of n1 19 950, first of n2 20 300. */
const CRASH = {
  events: [
    role(-500, 'n1', 'leader', 1, 'n1'),
    exited(20_000, 'n1'),
    { kind: 'campaign', atNs: atNs(20_200), node: 'n2', term: 2, pre: true } as RunEvent,
    { kind: 'campaign', atNs: atNs(20_210), node: 'n2', term: 2, pre: false } as RunEvent,
    role(20_250, 'n2', 'leader', 2, 'n2'),
    started(25_000, 'n1'),
    role(25_100, 'n1', 'follower', 2, 'n2'),
  ],
  acks: [...acks('n1', 1, 0, 19_950), ...acks('n2', 2, 20_300, 50_000)],
}

describe('a leader is killed and replaced', () => {
  it('nominal: from its death to the next claim; effective: from its last to the next quorum acknowledgement', () => {
    const { report } = model(CRASH)
    expect(report.leaderless_nominal_ms).toEqual({ total: 250, longest: 250 })
    expect(report.leaderless_ms).toEqual({ total: 350, longest: 350 })
  })

  it('is one election, however many pre-votes and candidates', () => {
    const rivals: RunEvent[] = [
      { kind: 'campaign', atNs: atNs(20_220), node: 'n3', term: 2, pre: false },
      { kind: 'campaign', atNs: atNs(30_000), node: 'n3', term: 3, pre: true },
    ]
    expect(model({ ...CRASH, events: [...CRASH.events, ...rivals] }).report.elections).toBe(1)
  })

  it('a split vote is an election of its own; what happened in warm-up is not counted', () => {
    const more: RunEvent[] = [
      { kind: 'campaign', atNs: atNs(1_000), node: 'n3', term: 0, pre: false },
      { kind: 'campaign', atNs: atNs(20_500), node: 'n4', term: 3, pre: false },
    ]
    expect(model({ ...CRASH, events: [...CRASH.events, ...more] }).report.elections).toBe(2)
  })

  it('the lanes show leader, down, follower', () => {
    const built = model(CRASH)
    expect(lane(built, 'n1')).toEqual(
      [
        ['leader', 0, 20_000],
        ['down', 20_000, 25_000],
        ['follower', 25_000, 50_000],
      ].flatMap(splitAt25100),
    )
    expect(lane(built, 'n2')).toEqual([
      ['follower', 0, 20_250],
      ['leader', 20_250, 50_000],
    ])
    expect(built.timeline.leadership).toEqual([
      { fromMs: 0, toMs: 19_950, state: 'led' },
      { fromMs: 19_950, toMs: 20_300, state: 'none' },
      { fromMs: 20_300, toMs: 50_000, state: 'led' },
    ])
  })

  it('an expectation is held against the effective figure, of one fault if it names one', () => {
    const withFault = { ...CRASH, events: [...CRASH.events, ...fault('a', { acknowledged: 20_000, observed: 20_001 })] }
    const { report } = model(withFault, {
      timeline: [crash('a', 5_000)],
      expect: [
        expectation('leaderless.longest', '<= 340ms', 340),
        expectation('leaderless.total', '<= 300ms', 300, { fault: 'a' }),
      ],
    })
    expect(report.expectations.map(({ observed, held }) => [observed, held])).toEqual([
      [350, false],
      [300, true],
    ])
  })
})

/** The restarted node is a follower of an unknown term until it says more: a new span with a new label. */
function splitAt25100([state, fromMs, toMs]: (string | number)[]): (string | number)[][] {
  return fromMs === 25_000
    ? [
        [state!, 25_000, 25_100],
        [state!, 25_100, toMs!],
      ]
    : [[state!, fromMs!, toMs!]]
}

describe('effective leadership', () => {
  it('a gap within one leadership counts once it passes the minimum election timeout', () => {
    // 150 ms is not longer than 150 ms
    expect(model({ acks: [...acks('n1', 1, 0, 20_000), ...acks('n1', 1, 20_150, 50_000)] }).report.leaderless_ms.total).toBe(0)
    expect(model({ acks: [...acks('n1', 1, 0, 20_000), ...acks('n1', 1, 20_200, 50_000)] }).report.leaderless_ms.total).toBe(200)
  })

  it('the timeout that counts is the shortest in force where the gap begins, on a voter that runs', () => {
    const changed = (ms: number, node: string, fromMs: number, toMs: number): RunEvent => ({ kind: 'timeout-changed', atNs: atNs(ms), node, fromMs, toMs, reason: 'link' })
    const others = ['n1', 'n2', 'n3', 'n4'].map((node, i) => changed(10_000 + i, node, 150, 400))
    const gap = [...acks('n1', 1, 0, 20_000), ...acks('n1', 1, 20_300, 50_000)]
    const leaderlessMs = (events: RunEvent[]): number => model({ events, acks: gap }).report.leaderless_ms.total
    expect(leaderlessMs(others)).toBe(300) // n5 waits 150 ms only
    expect(leaderlessMs([...others, changed(10_010, 'n5', 150, 290)])).toBe(300)
    expect(leaderlessMs([...others, changed(10_010, 'n5', 150, 300)])).toBe(0)
    expect(leaderlessMs([...others, changed(10_010, 'n5', 150, 300), changed(20_250, 'n5', 300, 150)])).toBe(0) // it had waited by then
    expect(leaderlessMs([...others, exited(19_000, 'n5')])).toBe(0)
    expect(leaderlessMs([...others, exited(19_000, 'n5'), started(19_500, 'n5')])).toBe(300)
    const tight = changed(10_010, 'n5', 150, 100)
    expect(model({ events: [tight], acks: [...acks('n1', 1, 0, 20_000), ...acks('n1', 1, 20_120, 50_000)] }).report.leaderless_ms.total).toBe(120)
  })

  it('acknowledgements of an old term after a newer one count for nothing', () => {
    const late = acks('n1', 1, 20_400, 21_000)
    expect(model({ ...CRASH, acks: [...CRASH.acks, ...late] }).report.leaderless_ms).toEqual({ total: 350, longest: 350 })
  })

  it('a leader that is acknowledged never again leaves the rest leaderless, and total adds up', () => {
    const { report } = model({ acks: [...acks('n1', 1, 0, 19_950), ...acks('n2', 2, 20_300, 40_000)] })
    expect(report.leaderless_ms).toEqual({ total: 350 + 10_000, longest: 10_000 })
  })

  it('only the measured time counts: warm-up may be leaderless', () => {
    expect(model({ acks: acks('n1', 1, 4_900, 50_000) }).report.leaderless_ms.total).toBe(0)
    expect(model({ acks: acks('n1', 1, 6_000, 50_000) }).report.leaderless_ms.total).toBe(1_000)
  })

  it('nobody was ever acknowledged: all of it', () => expect(model({ acks: [] }).report.leaderless_ms.total).toBe(45_000))
})

describe('two that claim leadership', () => {
  /** n1 is cut off at 20 000 and goes on claiming term 1 until 20 600; n2 leads term 2 from 20 250 */
  const CUT = {
    ...CRASH,
    events: [role(-500, 'n1', 'leader', 1, 'n1'), role(20_250, 'n2', 'leader', 2, 'n2'), role(20_600, 'n1', 'follower', 1)],
  }

  it('the one in the older term is stale, never a second current leader', () => {
    const built = model(CUT)
    expect(lane(built, 'n1')).toEqual([
      ['leader', 0, 20_250],
      ['stale-leader', 20_250, 20_600],
      ['follower', 20_600, 50_000],
    ])
    const current = built.timeline.nodes
      .flatMap(({ spans }) => spans.filter(({ state }) => state === 'leader'))
      .sort((a, b) => a.fromMs - b.fromMs)
    current.slice(1).forEach((span, i) => expect(span.fromMs).toBeGreaterThanOrEqual(current[i]!.toMs))
  })

  it('a stale claim is a claim: nominally there was a leader throughout', () => {
    expect(model(CUT).report.leaderless_nominal_ms.total).toBe(0)
    expect(model(CUT).report.leaderless_ms.total).toBe(350)
  })
})

it('a paused leader claims nothing while it is paused, and is stale when it wakes', () => {
  const events = [
    role(-500, 'n1', 'leader', 1, 'n1'),
    ...fault(
      'p',
      { requested: 20_000, acknowledged: 20_000, observed: 20_010, 'undo-requested': 22_000, undone: 22_000 },
      ['n1'],
      'pause',
    ),
    role(20_250, 'n2', 'leader', 2, 'n2'),
    role(22_020, 'n1', 'follower', 2, 'n2'),
  ]
  const built = model({ ...CRASH, events })
  expect(lane(built, 'n1')).toEqual([
    ['leader', 0, 20_000],
    ['paused', 20_000, 22_000],
    ['stale-leader', 22_000, 22_020],
    ['follower', 22_020, 50_000],
  ])
  expect(built.report.leaderless_nominal_ms.total).toBe(250)
})

it('a word that arrives after its speaker died does not bring it back', () => {
  const events = [...CRASH.events, role(20_001, 'n1', 'leader', 1, 'n1')]
  expect(model({ ...CRASH, events }).report.leaderless_nominal_ms.total).toBe(250)
})
