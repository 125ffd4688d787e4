import { describe, expect, it } from 'vitest'
import { judge } from '../../../src-main/lab/judge/judge'
import { REFUSED, acks, atNs, crash, expectation, fault, load, plan, records } from './run'

const report = (parts: Parameters<typeof records>[0], more: Parameters<typeof plan>[0] = {}) =>
  judge(records(parts), plan(more)).report

describe('verdict', () => {
  const held = expectation('availability', '>= 95%', 0.95)
  const broken = expectation('availability', '> 100%', 1)
  const noValue = expectation('recovery', '<= 2s', 2_000)

  it('HELD when all is held', () =>
    expect(report({}, { expect: [held] })).toMatchObject({ verdict: 'HELD', end: 'COMPLETED', valid: true, invalid: [] }))
  it('NOT_HELD as soon as one is false', () => expect(report({}, { expect: [held, noValue, broken] }).verdict).toBe('NOT_HELD'))
  it('INCONCLUSIVE where one has no value', () => expect(report({}, { expect: [held, noValue] }).verdict).toBe('INCONCLUSIVE'))
  it('INCONCLUSIVE where nothing was expected', () => expect(report({}).verdict).toBe('INCONCLUSIVE'))
  it('INCONCLUSIVE where a fault was never verified', () =>
    expect(report({}, { expect: [held], timeline: [crash('a', 0)] }).verdict).toBe('INCONCLUSIVE'))
  it('INCONCLUSIVE where the run was stopped, and it says by whom', () => {
    expect(report({ closing: { end: 'CANCELED', stoppedBy: 'person' } }, { expect: [held] })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      end: 'CANCELED',
      stopped_by: 'person',
    })
  })
  it('an expectation is shown as it was written', () => {
    expect(report({}, { expect: [{ ...held, phase: 'faults', op: 'write' }] }).expectations).toEqual([
      { metric: 'availability', phase: 'faults', op: 'write', expected: '>= 95%', observed: 1, held: true },
    ])
  })
  it('words and counts are held against too', () => {
    const words = [
      expectation('linearizable', '== ok', 'ok'),
      expectation('lost_writes', '== 0', 0),
      expectation('elections', '== 0', 0),
      expectation('latency.max', '< 2ms', 2),
    ]
    expect(report({}, { expect: words }).expectations.map(({ observed, held: isHeld }) => [observed, isHeld])).toEqual([
      ['ok', true],
      [0, true],
      [0, true],
      [2, false],
    ])
  })
})

describe('integrity', () => {
  it('a stale read is a violation, and says where', () => {
    const operations = load((_, ms) =>
      ms === 40_000 ? { op: 'get', value: undefined, prior: undefined, result: 'v0', index: 4_000 } : {},
    )
    const { report, violation } = judge(records({ operations }), plan({ expect: [expectation('linearizable', '== ok', 'ok')] }))
    const { linearizable, expectations, verdict } = report
    expect(linearizable).toMatchObject({ verdict: 'violated', operations: 5_000, keys: 10 })
    expect(linearizable.reason).toContain(`the ${violation!.prefix.operations} operations on k0`)
    expect(violation).toMatchObject({ key: 'k0', operations: [{ op: 'put', value: 'v0' }, { op: 'put' }, { op: 'get', result: 'v0' }] })
    expect([expectations[0]!.held, verdict]).toEqual([false, 'NOT_HELD'])
  })

  it('an acknowledged write that the next one did not find is lost', () => {
    // k0 is written every 100 ms; the write at 40 100 finds what was there before the one at 40 000
    const operations = load((_, ms) => (ms === 40_100 ? { prior: 'v3990' } : {}))
    expect(report({ operations })).toMatchObject({ lost_writes: 1, linearizable: { verdict: 'violated' } })
  })
})

describe('a history that breaks off', () => {
  // The write at 19 900 was in flight when all died, so it is not in the records; the read that saw it is.
  const brokenOff = (seenAt: number) =>
    load((_, ms) => {
      if (ms === seenAt - 100) return null
      return ms === seenAt ? { op: 'get', value: undefined, prior: undefined, result: 'in flight' } : {}
    }, 20_000)
  const died = { closing: null, events: [{ kind: 'load-start' as const, atNs: atNs(0) }] }

  it('is not accused of what may be missing from it', () => {
    const { linearizable, lost_writes } = report({ ...died, operations: brokenOff(19_900) })
    expect(linearizable).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('in flight') })
    expect(lost_writes).toBe(0)
    expect(judge(records({ ...died, operations: brokenOff(19_900) }), plan())).not.toHaveProperty('violation')
    const generatorDied = report({ closing: { end: 'ERRORED', endedNs: atNs(20_000) }, operations: brokenOff(19_900) })
    expect([generatorDied.linearizable.verdict, generatorDied.lost_writes]).toEqual(['unknown', 0])
  })

  it('is accused where nothing can be missing: a full deadline of 4 s and 1 s before its end', () => {
    expect(report({ ...died, operations: brokenOff(14_900) }).linearizable.verdict).toBe('violated')
    expect(report({ ...died, operations: brokenOff(15_100) }).linearizable.verdict).toBe('unknown')
    expect(report({ ...died, operations: brokenOff(14_900) }).lost_writes).toBe(1)
  })

  it('of a run that ended in order is accused of everything', () => {
    expect(report({ operations: brokenOff(19_900) })).toMatchObject({ linearizable: { verdict: 'violated' }, lost_writes: 1 })
  })
})

describe('a run that did not get far', () => {
  const everything = plan({
    timeline: [crash('a', 0)],
    expect: (
      [
        'availability',
        'latency.p99',
        'recovery',
        'unavailability.longest',
        'leaderless.total',
        'elections',
        'lost_writes',
        'linearizable',
      ] as const
    ).map((metric) => expectation(metric, '<= 1', 1)),
  })

  it('without one operation nothing has a value, and nothing breaks', () => {
    const { report: made, timeline } = judge(records({ operations: [] }), everything)
    expect(made).toMatchObject({
      verdict: 'INCONCLUSIVE',
      requests: { total: 0 },
      availability: { requests: null, slices: null },
    })
    expect(made.expectations.map(({ held }) => held)).toEqual(everything.expect.map(() => null))
    expect(timeline.bins.ok.every((count) => count === 0)).toBe(true)
  })

  it('killed before load: ERRORED, with the events it had', () => {
    const made = records({
      closing: null,
      operations: [],
      acks: [],
      events: [
        { kind: 'phase', atNs: 0, phase: 'preflight' },
        { kind: 'note', atNs: 5e8, level: 'info', text: 'Starting 5 nodes.' },
      ],
    })
    const { report: judged, timeline } = judge(made, everything)
    expect(judged).toMatchObject({
      end: 'ERRORED',
      verdict: 'INCONCLUSIVE',
      requests: { total: 0 },
      leaderless_ms: { total: 0, longest: 0 },
    })
    expect(timeline).toMatchObject({ fromMs: 0, toMs: 500, phases: [{ phase: 'preflight', fromMs: 0, toMs: 500 }] })
    expect(timeline.log.at(-1)).toMatchObject({ atMs: 500, text: 'Starting 5 nodes.' })
  })

  it('killed half-way: ERRORED, load start from its event, figures up to the last request', () => {
    const made = records({
      closing: null,
      operations: load(() => ({}), 20_000),
      acks: acks('n1', 1, 0, 20_000),
      events: [{ kind: 'load-start', atNs: atNs(0) }],
    })
    const { report: judged, timeline } = judge(made, everything)
    expect(judged).toMatchObject({ end: 'ERRORED', requests: { total: 1_500, ok: 1_500 }, leaderless_ms: { total: 0 } })
    // the last thing recorded is an acknowledgement at 20 000
    expect(timeline.toMs).toBe(20_000)
    expect(timeline.phases.map(({ phase }) => phase)).toEqual(['warmup', 'baseline', 'faults'])
  })
})

it('counts what clean-up had to do and what it did, a retry once', () => {
  const cleanup = (what: string, ok: boolean, ms: number) => ({ kind: 'cleanup' as const, atNs: atNs(ms), what, ok })
  const events = [
    cleanup('toxics removed', false, 51_000),
    cleanup('toxics removed', true, 51_100),
    cleanup('processes ended', false, 51_200),
  ]
  expect(report({ events }).cleanup).toEqual({ done: 1, of: 2 })
})

it('CPU is the difference of the counters over the time a process lived, restarts apart', () => {
  const sample = (ms: number, boot: string, cpuMs: number) => ({
    atNs: atNs(ms),
    node: 'n1',
    boot,
    role: 'follower' as const,
    term: 1,
    leader: null,
    commit: 0,
    applied: 0,
    last: 0,
    durable: 0,
    cpuMs,
    rssBytes: cpuMs * 10,
    loopLagMsMax: 0,
    fsyncs: 0,
    fsyncMsMax: 0,
    fsyncMsSum: 0,
    fsyncPendingMs: 0,
    wallMs: 0,
    monotonicNs: 0,
    timersNs: 0,
    pending: 0,
    links: [],
  })
  // first life 500 ms of CPU in 10 s, second 250 ms in 10 s: 750/20 000
  const nodeSamples = [sample(1_000, 'a', 100), sample(11_000, 'a', 600), sample(20_000, 'b', 50), sample(30_000, 'b', 300)]
  expect(report({ nodeSamples }).cpu).toEqual([{ process: 'n1', cores_mean: 0.0375, rss_bytes_max: 6_000 }])
})

it('the same records are judged the same', () => {
  const made = records({
    events: fault('a', { acknowledged: 17_000, observed: 17_000 }),
    operations: load((_, ms) => (ms >= 17_200 && ms < 18_000 ? REFUSED : {})),
  })
  const options = { now: () => 0 }
  expect(judge(made, plan({ timeline: [crash('a', 2_000)] }), options)).toEqual(
    judge(made, plan({ timeline: [crash('a', 2_000)] }), options),
  )
})
