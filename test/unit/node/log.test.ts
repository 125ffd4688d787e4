import { describe, expect, it, vi } from 'vitest'
import { NodeLog } from '../../../src-main/node/logs/log'

function started() {
  const clock = { ns: 0 }
  const written: { text: string; done: () => void }[] = []
  const log = new NodeLog({
    node: 'n1',
    nowNs: () => clock.ns,
    wallMs: () => 0,
    write: (text, done) => written.push({ text, done }),
    writeNow: (text) => written.push({ text, done: () => {} }),
  })
  const lines = () => written.flatMap(({ text }) => text.trimEnd().split('\n')).map((line) => JSON.parse(line) as Record<string, unknown>)
  return { log, clock, written, lines }
}

describe('the log of a node', () => {
  it('writes JSON lines with moment, level, kind of message and node', () => {
    const { log, lines } = started()
    log.line('warning', 'slow-sync', { ms: 1_500 })
    log.flushNow()
    expect(lines()).toEqual([{ ts: '1970-01-01T00:00:00.000Z', at_ns: 0, level: 'warning', msg: 'slow-sync', node: 'n1', ms: 1_500 }])
  })

  it('writes nothing while a line is made, and all that waited at once', () => {
    vi.useFakeTimers()
    try {
      const { log, written } = started()
      for (let i = 0; i < 5; i++) log.line('info', 'role', { i })
      expect(written).toEqual([])
      vi.advanceTimersByTime(1_000)
      expect(written.map(({ text }) => text.split('\n').length - 1)).toEqual([5])
      log.line('info', 'role')
      vi.advanceTimersByTime(10_000)
      expect(written.length).toBe(1) // the file is slow: one write at a time
      written[0]!.done()
      vi.advanceTimersByTime(1_000)
      expect(written.length).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('lets through so many of a kind, counts the rest, and holds back no other kind', () => {
    const { log, clock, lines } = started()
    for (let i = 0; i < 100; i++) log.line('info', 'role', { i })
    log.line('info', 'campaign')
    log.flushNow()
    const first = lines()
    expect(first.filter(({ msg }) => msg === 'role').length).toBe(20)
    expect(first.filter(({ msg }) => msg === 'campaign').length).toBe(1)
    expect(first.at(-1)).toMatchObject({ level: 'warning', msg: 'suppressed', of: 'role', suppressed: 80 })
    for (let i = 0; i < 3; i++) log.line('info', 'role')
    clock.ns += 1e9
    log.line('info', 'role', { later: true })
    log.flushNow()
    expect(lines().at(-1)).toMatchObject({ msg: 'role', later: true, suppressed: 3 })
  })

  it('is bounded however much is said, and says how much it dropped', () => {
    const { log, lines } = started()
    for (let kind = 0; kind < 200; kind++) for (let i = 0; i < 20; i++) log.line('info', `kind ${kind}`)
    log.flushNow()
    expect(lines().length).toBe(1_001)
    expect(lines().at(-1)).toMatchObject({ msg: 'dropped', lines: 3_000 })
  })
})
