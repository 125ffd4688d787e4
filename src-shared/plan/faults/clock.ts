/** Clocks of a node that are off, run at another rate, or hurry its timers. */
import { duration, integer, percentage } from '../field'
import { defineFault } from './fault'
import { harmed } from './harm'

const DAY_MS = 86_400_000

export const clockStep = defineFault({
  kind: 'clock-step',
  family: 'clock',
  help: "puts the node's wall clock forward or (negative) back; right again when the fault ends",
  caution: "made in the node's process: what it stamps its log lines with. Nothing in its consensus reads the wall clock, so nothing else should change",
  alsoCalled: ['clock', 'clock-jump', 'time-jump', 'leap-second', 'clock-skew', 'skew', 'ntp-step'],
  parameters: {
    step: duration({ help: 'by how much: 1h, or -500ms', min: -365 * DAY_MS, max: 365 * DAY_MS, usual: 's' }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  conflict({ step }) {
    return step === 0 ? { parameter: 'step', message: 'a step of 0ms changes nothing', suggestion: '1s' } : null
  },
  calls: (scene) => harmed(scene, { kind: 'clock-step', stepMs: scene.values.step }),
})

export const clockDrift = defineFault({
  kind: 'clock-drift',
  family: 'clock',
  help: "the node's clocks, wall and monotonic, run fast or (negative) slow",
  caution:
    "made in the node's process; leases allow for 1000 ppm between nodes: beyond it reads by lease may be stale. When it ends the wall clock is right again, the monotonic one goes on from where it is",
  alsoCalled: ['drift', 'clock-rate', 'slow-clock', 'fast-clock'],
  parameters: {
    ppm: integer({ help: 'millionths of a second per second: 500, or -200000', min: -900_000, max: 9_000_000 }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  conflict({ ppm }) {
    return ppm === 0 ? { parameter: 'ppm', message: 'a drift of 0 ppm changes nothing', suggestion: '500' } : null
  },
  calls: (scene) => harmed(scene, { kind: 'clock-drift', ppm: scene.values.ppm }),
})

export const timerRate = defineFault({
  kind: 'timer-rate',
  family: 'clock',
  help: "the node's timers (elections, heartbeats, leases, request timeouts) run at another rate",
  caution: 'a timer that already runs when the rate changes ends as it was set',
  alsoCalled: ['timers', 'timer-speed', 'slow-timers', 'fast-timers'],
  parameters: {
    rate: percentage({ help: '200%: timeouts pass in half the time', min: 0.1, max: 10 }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  conflict({ rate }) {
    return rate === 1 ? { parameter: 'rate', message: '100% is the rate that timers have', suggestion: '200%' } : null
  },
  calls: (scene) => harmed(scene, { kind: 'timer-rate', factor: scene.values.rate }),
})
