/** Timers that adapt, and what is told of a leader that falls silent. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adaptiveRange } from '../../../src-main/raft/timers/adaptive'
import { Cluster } from './cluster'
import { ofType, Solo } from './solo'

describe('a leader that falls silent', () => {
  const preVote = { raft: { preVote: true } }
  const silent = (): Solo => {
    const n1 = new Solo(preVote)
    n1.append({ from: 'n2', term: 1 })
    n1.settle()
    n1.pass(150)
    return n1
  }

  it('is suspected first, then checked by a PreVote round, then replaced', () => {
    const n1 = silent()
    const suspected = { kind: 'suspected', term: 1, leader: 'n2', silentMs: 150 }
    expect(n1.settle().events[0]).toEqual(suspected)
    n1.pass(5)
    n1.voteReply({ from: 'n3', pre: true, term: 2 })
    const kinds = n1.settle().events.map(({ kind }) => kind)
    expect(kinds.indexOf('checked')).toBeGreaterThanOrEqual(0)
    expect(kinds.indexOf('checked')).toBeLessThan(kinds.indexOf('campaign'))
  })

  it('is kept when a majority still hears it', () => {
    const n1 = silent()
    n1.voteReply({ from: 'n2', pre: true, term: 1, granted: false })
    n1.voteReply({ from: 'n3', pre: true, term: 1, granted: false })
    expect(n1.settle().events).toContainEqual({ kind: 'checked', term: 1, leader: 'n2', isGone: false, silentMs: 150 })
    expect(n1.raft.status()).toMatchObject({ role: 'follower', term: 1 })
  })

  it('is remembered through rounds that nobody answers', () => {
    const n1 = silent()
    n1.pass(150)
    n1.voteReply({ from: 'n3', pre: true, term: 2 })
    const { events } = n1.settle()
    expect(events.filter(({ kind }) => kind === 'suspected').length).toBe(1)
    expect(events).toContainEqual({ kind: 'checked', term: 1, leader: 'n2', isGone: true, silentMs: 300 })
  })
})

describe('adaptive timeouts', () => {
  const timers = { kind: 'adaptive', floorMs: 100, ceilingMs: 2000 } as const

  it('are ten times SRTT + 4·RTTVAR, between floor, three heartbeats and ceiling, and twice that at most', () => {
    expect(adaptiveRange(timers, 20, 20, 5)).toEqual([400, 800])
    expect(adaptiveRange(timers, 20, 1, 0.1)).toEqual([100, 200])
    expect(adaptiveRange(timers, 50, 1, 0.1)).toEqual([150, 300])
    expect(adaptiveRange(timers, 20, 500, 100)).toEqual([1000, 2000])
    const ms = fc.double({ min: 0, max: 10_000, noNaN: true })
    fc.assert(
      fc.property(ms, ms, (smoothed, variance) => {
        const [shortest, longest] = adaptiveRange(timers, 20, smoothed, variance)
        expect(shortest >= 100 && longest <= 2000 && longest === 2 * shortest).toBe(true)
      }),
    )
  })

  it('follow the link to the leader, and every change says why', () => {
    const n1 = new Solo({ raft: { timers } })
    n1.append({ from: 'n2', term: 1 })
    n1.settle()
    n1.raft.observeRtt('n3', 80, 10, n1.nowMs)
    expect(n1.settle().events).toEqual([])
    n1.raft.observeRtt('n2', 80, 10, n1.nowMs)
    const reason = 'link to n2: 80.0 ± 10.0 ms'
    expect(n1.settle().events).toEqual([{ kind: 'timeoutChanged', fromMs: 150, toMs: 1000, reason }])
    n1.raft.observeRtt('n2', 80, 9.9, n1.nowMs)
    expect(n1.settle().events).toEqual([])
    n1.append({ from: 'n2', term: 1 })
    expect(n1.raft.nextTickMs()).toBe(n1.nowMs + 1000)
  })

  it('do not move a timer that runs, and are the configured ones again when the leader is silent', () => {
    const n1 = new Solo({ raft: { timers } })
    n1.append({ from: 'n2', term: 1 })
    n1.raft.observeRtt('n2', 80, 10, n1.nowMs)
    expect(n1.raft.nextTickMs()).toBe(n1.nowMs + 150)
    n1.settle()
    n1.pass(150)
    expect(n1.settle().events).toContainEqual({ kind: 'timeoutChanged', fromMs: 1000, toMs: 150, reason: 'the leader is silent' })
    expect(n1.raft.nextTickMs()).toBe(n1.nowMs + 150)
  })

  it('grow at once, and shrink to the longest that was wanted when a shorter one was wanted for two seconds', () => {
    const n1 = new Solo({ raft: { timers } })
    const told = (smoothedMs: number): string[] => {
      n1.append({ from: 'n2', term: 1 })
      n1.raft.observeRtt('n2', smoothedMs, 0, n1.nowMs)
      return n1.settle().events.flatMap((event) => (event.kind === 'timeoutChanged' ? [`${event.fromMs} ${event.toMs} ${event.reason}`] : []))
    }
    expect(told(40)).toEqual(['150 400 link to n2: 40.0 ± 0.0 ms'])
    const wanted = [20, 25, 39, 20, ...Array.from({ length: 14 }, (_, i) => (i === 5 ? 30 : 20))]
    for (const smoothedMs of wanted) {
      expect(told(smoothedMs)).toEqual([]) // 39 is as good as 40: the wait begins anew
      n1.pass(140)
    }
    expect(told(20)).toEqual(['400 300 link to n2: 30.0 ± 0.0 ms'])
  })

  it('do not change by less than 5 ms', () => {
    const n1 = new Solo({ raft: { timers: { kind: 'adaptive', floorMs: 10, ceilingMs: 2000 }, electionTimeoutMs: [30, 60], heartbeatMs: 5 } })
    n1.append({ from: 'n2', term: 1 })
    n1.raft.observeRtt('n2', 3.4, 0, n1.nowMs)
    expect(n1.settle().events.filter(({ kind }) => kind === 'timeoutChanged')).toEqual([])
    n1.raft.observeRtt('n2', 3.5, 0, n1.nowMs)
    expect(n1.settle().events).toMatchObject([{ kind: 'timeoutChanged', fromMs: 30, toMs: 35 }])
  })

  it('of a leader follow its slowest voter', () => {
    const n1 = new Solo({ raft: { timers } })
    n1.win()
    n1.raft.observeRtt('n3', 40, 0, n1.nowMs)
    n1.raft.observeRtt('n2', 1, 0, n1.nowMs)
    expect(n1.settle().events).toMatchObject([{ kind: 'timeoutChanged', toMs: 400 }])
  })

  it('that are fixed listen to nothing', () => {
    const n1 = new Solo()
    n1.append({ from: 'n2', term: 1 })
    n1.settle()
    n1.raft.observeRtt('n2', 80, 10, n1.nowMs)
    expect(n1.settle().events).toEqual([])
  })
})

describe('backoff', () => {
  /** @returns when n3, which never answers, was sent a heartbeat during the first 3 s of a term */
  const told = (): number[] => {
    const n1 = new Solo({ raft: { timers: { kind: 'backoff', maxProbeMs: 400 }, preVote: true } })
    n1.pass(150)
    n1.voteReply({ pre: true, term: 1 })
    n1.settle()
    n1.voteReply({})
    const startMs = n1.nowMs
    const atMs: number[] = []
    for (let i = 0; i < 60; i++) {
      n1.pass(50)
      n1.appendReply({ from: 'n2', match: 1 })
      if (ofType(n1.settle().sent, 'append').some(({ to }) => to === 'n3')) atMs.push(n1.nowMs - startMs)
    }
    return atMs
  }
  const gaps = (atMs: number[]): number[] => atMs.slice(1).map((ms, i) => ms - atMs[i]!)

  it('doubles the pause between heartbeats to a silent peer up to its bound', () => {
    const pauses = gaps(told()).filter((gap) => gap > 50)
    expect(pauses.slice(0, 5)).toEqual([100, 200, 400, 400, 400])
    expect(Math.max(...pauses)).toBe(400)
  })

  it('stays below the shortest election timeout without PreVote, where a peer that hears nothing does harm', () => {
    const n1 = new Solo({ raft: { timers: { kind: 'backoff', maxProbeMs: 400 } } })
    n1.win()
    let lastMs = n1.nowMs
    for (let i = 0; i < 60; i++) {
      n1.pass(50)
      n1.appendReply({ from: 'n2', match: 1 })
      if (!ofType(n1.settle().sent, 'append').some(({ to }) => to === 'n3')) continue
      expect(n1.nowMs - lastMs).toBeLessThan(150)
      lastMs = n1.nowMs
    }
    expect(n1.nowMs - lastMs).toBeLessThan(150)
  })

  it('ends at any sign of life: the peer hears the leader at once', () => {
    const n1 = new Solo({ raft: { timers: { kind: 'backoff', maxProbeMs: 60_000 }, preVote: true, checkQuorum: true } })
    n1.pass(150)
    n1.voteReply({ pre: true, term: 1 })
    n1.settle()
    n1.voteReply({})
    for (let i = 0; i < 100; i++) {
      n1.pass(50)
      n1.appendReply({ from: 'n2', match: 1 })
      n1.settle()
    }
    n1.vote({ from: 'n3', pre: true, term: 1 })
    expect(ofType(n1.settle().sent, 'append').map(({ to }) => to)).toEqual(['n3'])
  })

  it('lets a node that was down for long come back without an election', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const cluster = new Cluster({ seed, raft: { timers: { kind: 'backoff', maxProbeMs: 2000 } } })
      const leader = cluster.elect()
      const { term } = cluster.raft(leader).status()
      const down = cluster.ids.find((id) => id !== leader)!
      cluster.crash(down)
      cluster.run(10_000)
      cluster.start(down)
      expect(cluster.run(1000, () => cluster.raft(down).status().leader === leader)).toBe(true)
      cluster.run(2000)
      expect(cluster.raft(leader).status()).toMatchObject({ role: 'leader', term })
    }
  })
})
