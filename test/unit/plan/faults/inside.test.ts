/** What faults inside a node call, in the dry run. */
import { describe, expect, it } from 'vitest'
import type { Call, ScheduledFault } from '@shared/plan/schedule'
import { harm } from '@shared/run/harm'
import { onlyOf, readLasting } from './entry'

const read = (...entries: string[]) => readLasting('5s', ...entries)
const only = (entry: string): ScheduledFault => onlyOf(read(entry))

/** What is told to a node in short: the harm's own words. */
const inShort = (calls: readonly Call[]): string[] =>
  calls.map(({ method, path, body }) => {
    if (typeof body === 'string' || body === null) return `${method} ${path}${body === null ? '' : ` ${body}`}`
    const { id, ...rest } = body as { id: string; harm?: unknown }
    expect(id).toBe('f-1')
    if (rest.harm) expect(harm.parse(rest.harm)).toEqual(rest.harm) // else the node would refuse it
    return `${method} ${path} ${JSON.stringify('harm' in rest ? rest.harm : rest)}`
  })

const told = (parameters: string): string => `NODE n2 {${parameters}}`

describe('the calls of', () => {
  it.each<[string, string[], string[]]>([
    ['fsync-slow, delay: 40ms', [told('"kind":"fsync-slow","delayMs":40,"growMsPerS":0')], ['NODE n2 null']],
    ['fsync-slow, delay: 1ms, grow: 10ms', [told('"kind":"fsync-slow","delayMs":1,"growMsPerS":10')], ['NODE n2 null']],
    ['disk-full', [told('"kind":"disk-full"')], ['NODE n2 null', 'START n2']],
    ['disk-error', [told('"kind":"disk-error"')], ['NODE n2 null', 'START n2']],
    ['disk-hang', [told('"kind":"disk-hang"')], ['NODE n2 null']],
    ['torn-write', [told('"kind":"torn-write"')], ['NODE n2 null', 'START n2']],
    ['bit-flip', [told('"kind":"bit-flip","seed":42'), 'SIGNAL n2 SIGKILL', 'START n2'], ['NODE n2 null', 'STOP n2', 'START n2']],
    ['clock-step, step: -1h', [told('"kind":"clock-step","stepMs":-3600000')], ['NODE n2 null']],
    ['clock-drift, ppm: -500', [told('"kind":"clock-drift","ppm":-500')], ['NODE n2 null']],
    ['timer-rate, rate: 50%', [told('"kind":"timer-rate","factor":0.5')], ['NODE n2 null']],
    ['loop-stall, stall: 200ms', [told('"kind":"loop-stall","stallMs":200,"everyMs":1000')], ['NODE n2 null']],
    ['memory, size: 64MiB', [told('"kind":"memory","bytes":67108864')], ['NODE n2 null']],
    ['cpu, share: 90%', ['BURN n2 {"share":0.9,"cores":1}'], ['BURN n2 {"share":0,"cores":1}']],
  ])('%s', (entry, calls, undo) => {
    const fault = only(`fault: ${entry}, target: n2`)
    expect({ calls: inShort(fault.calls), undo: inShort(fault.undo) }).toEqual({ calls, undo })
  })

  it('several nodes are undone in reverse', () => {
    const { calls, undo } = only('fault: disk-full, target: all')
    expect(inShort(calls).map((call) => call.split(' ')[1])).toEqual(['n1', 'n2', 'n3'])
    expect(inShort(undo)).toEqual(['n3', 'n2', 'n1'].flatMap((node) => [`NODE ${node} null`, `START ${node}`]))
  })
})

describe('is refused:', () => {
  it.each([
    ['fsync-slow, delay: 0ms', 'delay'],
    ['clock-step, step: 0s', 'step'],
    ['clock-drift, ppm: 0', 'ppm'],
    ['timer-rate, rate: 100%', 'rate'],
    ['timer-rate, rate: 0%', 'rate'],
    ['loop-stall, stall: 900ms, period: 1s', 'period'],
    ['memory, size: 1B', 'size'],
    ['cpu, share: 0%', 'share'],
  ])('%s', (entry, parameter) => {
    const { plan, problems } = read(`fault: ${entry}, target: n2`)
    expect(plan).toBeNull()
    expect(problems[0]).toMatchObject({ path: `timeline[0].${parameter}` })
    expect(problems[0]!.suggestion).not.toBeNull()
  })

  it('a second fault that a node is down by at the same time', () => {
    expect(read('fault: disk-full, target: n2', 'fault: crash, target: n2').plan).toBeNull()
    expect(read('fault: disk-full, target: n2', 'fault: clock-step, step: 1s, target: n2').plan).not.toBeNull()
  })
})
