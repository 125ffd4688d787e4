/** Deaths at the moments when half is done: a fault half applied, half undone; the window gone while its engine runs. */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Desk, kill, until } from './command-line'
import { expectGone, ledgerOf, midRun, onlyRun, slowPlan, stagesOf, strikeAt } from './mid-run'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

/** With Toxiproxy stopped each call waits: whatever comes next is in the middle of it. */
const holdUpCalls = (): void => kill(desk.byEntry('toxiproxy-server')[0]!, 'SIGSTOP')

const hasLease = (): boolean => ledgerOf(desk).text.includes('"type":"lease"')

describe('the engine is killed', () => {
  it('in the middle of applying a fault: the lease was on the disk before, and nothing is left', async () => {
    const mid = await midRun(desk, slowPlan(20, '500ms', '18s'), 'Phase faults begins')
    expect(hasLease()).toBe(false)
    holdUpCalls()
    await until('the lease is on the disk', hasLease, 5_000)
    mid.going.child.kill('SIGKILL')
    await expectGone(desk, mid)
    expect(await onlyRun(desk)).toMatchObject({ end: 'ERRORED' })
    // the lease comes first: the kill may come between it and the record of the request
    expect([[], ['requested']]).toContainEqual(await stagesOf(desk))
  })

  it('in the middle of undoing it: nothing is left', async () => {
    const mid = await midRun(desk, slowPlan(20, '0s', '2s'))
    holdUpCalls()
    await until('the undo has begun', () => mid.going.stderr().includes('The end of latency fault-1 is requested'), 5_000)
    mid.going.child.kill('SIGKILL')
    await expectGone(desk, mid)
    const stages = await stagesOf(desk)
    expect(stages).toContain('undo-requested')
    expect(stages).not.toContain('undone')
  })
})

describe('the window is killed', () => {
  it('its engine notices, ends the run as canceled, and nothing is left', async () => {
    const engine = fileURLToPath(new URL('../../../out/main/engine.js', import.meta.url))
    const script = `
      const engine = require('node:child_process').fork(${JSON.stringify(engine)}, { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      engine.send({ id: 1, channel: 'run:start', request: { plan: 'leader-crash' } })
      engine.on('message', (message) => console.error(JSON.stringify(message.live?.phase ?? message)))`
    const mid = await strikeAt(desk, desk.launch(process.execPath, ['-e', script]), '"baseline"')
    mid.going.child.kill('SIGKILL')
    await expectGone(desk, mid)
    expect(await onlyRun(desk)).toMatchObject({ end: 'CANCELED' })
  })
})
