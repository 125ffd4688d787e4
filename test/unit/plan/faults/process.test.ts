/** What faults on processes call, in the dry run. */
import { describe, expect, it } from 'vitest'
import type { Call, ScheduledFault } from '@shared/plan/schedule'
import { onlyOf, readLasting } from './entry'

const read = (entry: string) => readLasting('5s', entry)
const only = (entry: string): ScheduledFault => onlyOf(read(entry))

/** `METHOD path`, with the moment where there is one: `@` since the fault began, `+` since the call before. */
const inShort = (calls: readonly Call[]): string[] =>
  calls.map(({ method, path, body, after_ms, gap_ms }) => {
    const when = `${after_ms === undefined ? '' : ` @${after_ms}`}${gap_ms === undefined ? '' : ` +${gap_ms}`}`
    return `${method} ${path}${typeof body === 'string' ? ` ${body}` : ''}${when}`
  })

describe('the calls of', () => {
  it.each<[string, string[], string[]]>([
    ['fault: crash, restart: 2s, target: leader', ['SIGNAL leader SIGKILL', 'START leader @2000'], ['START leader']],
    ['fault: crash, restart: 5s, target: n1', ['SIGNAL n1 SIGKILL'], ['START n1']], // the end of the fault starts it anyway
    ['fault: restart, target: n2', ['STOP n2', 'START n2 +1000'], ['START n2']],
    ['fault: restart, down: 0s, target: all', ['STOP n1', 'STOP n2', 'STOP n3', 'START n1 +0', 'START n2', 'START n3'], ['START n3', 'START n2', 'START n1']],
    [
      'fault: crash-loop, period: 2s, up: 500ms, target: n3',
      ['SIGNAL n3 SIGKILL', 'START n3 @1500', 'SIGNAL n3 SIGKILL @2000', 'START n3 @3500', 'SIGNAL n3 SIGKILL @4000'],
      ['START n3'],
    ],
    [
      'fault: rolling-restart, pause: 300ms, target: all',
      [
        ...['STOP n1', 'START n1 +500', 'AWAIT n1 caught-up'],
        ...['STOP n2 +300', 'START n2 +500', 'AWAIT n2 caught-up'],
        ...['STOP n3 +300', 'START n3 +500', 'AWAIT n3 caught-up'],
      ],
      ['START n3', 'START n2', 'START n1'],
    ],
    ['fault: rolling-restart, wait: none, down: 1s, target: minority', ['STOP leader', 'START leader +1000'], ['START leader']],
    ['fault: slow-start, delay: 3s, target: n1', ['NODE n1', 'STOP n1', 'START n1'], ['START n1', 'NODE n1']],
  ])('%s', (entry, calls, undo) => {
    const fault = only(entry)
    expect({ calls: inShort(fault.calls), undo: inShort(fault.undo) }).toEqual({ calls, undo })
  })

  it('slow-start: the harm that it is, and its end', () => {
    const { calls, undo } = only('fault: slow-start, delay: 3s, target: n1')
    expect(calls[0]!.body).toEqual({ id: 'f-1', harm: { kind: 'slow-start', delayMs: 3000 } })
    expect(undo[1]!.body).toEqual({ id: 'f-1', harm: null })
  })
})

it('a process that is never left alone long enough is refused', () => {
  const { plan, problems } = read('fault: crash-loop, period: 2s, up: 2s, target: n1')
  expect(plan).toBeNull()
  expect(problems[0]).toMatchObject({ path: 'timeline[0].up', suggestion: '1s' })
})
