/** A node that has to share its processor, whose event loop stands still, or whose process has grown. */
import { duration, integer, percentage, size } from '../field'
import { formatDuration } from '../units'
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { harmed } from './harm'

const MIB = 1024 * 1024

export const cpu = defineFault({
  kind: 'cpu',
  family: 'resource',
  help: 'a process beside the node keeps processor cores busy for a share of each 100 ms',
  caution: 'all nodes, the proxies and the load generator share the cores of this machine: everything gets slower, and a run whose load comes late is INVALID',
  alsoCalled: ['resource', 'cpu-burn', 'burn', 'stress', 'cpu-stress', 'noisy-neighbour', 'hog'],
  parameters: {
    share: percentage({ help: 'of each core that is kept busy', min: 0.05, max: 1 }),
    cores: integer({ help: 'how many are kept busy', initial: 1, min: 1, max: 64 }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  calls({ id, drawn: { nodes }, values: { share, cores } }) {
    const burn = (node: string, of: number): Call => ({ method: 'BURN', path: node, body: { id, share: of, cores } })
    return { calls: nodes.map((node) => burn(node, share)), undo: nodes.toReversed().map((node) => burn(node, 0)) }
  },
})

export const loopStall = defineFault({
  kind: 'loop-stall',
  family: 'resource',
  help: "the node's event loop stands still again and again, as in garbage collections",
  caution: 'the node measures how late its own 20 ms timer comes: up to 20 ms less than the loop stood still',
  alsoCalled: ['gc', 'gc-pause', 'event-loop', 'stop-the-world', 'stall-loop'],
  parameters: {
    stall: duration({ help: 'how long each time', min: 50, max: 1_500 }),
    period: duration({ help: 'from the begin of one to the begin of the next', initial: 1_000, min: 10, max: 60_000, usual: 's' }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  conflict({ stall, period }) {
    if (stall * 1.25 <= period) return null
    const message = `stall ${formatDuration(stall)} leaves less than a fifth of every ${formatDuration(period)} for the node: it could not be told to stop`
    return { parameter: 'period', message, suggestion: formatDuration(Math.ceil(stall * 1.25)) }
  },
  calls: (scene) => harmed(scene, { kind: 'loop-stall', stallMs: scene.values.stall, everyMs: scene.values.period }),
})

export const memory = defineFault({
  kind: 'memory',
  family: 'resource',
  help: "so much more memory is held, and touched, by the node's process",
  caution: 'it is memory of this machine: what is not there makes the system swap, or kill a process',
  alsoCalled: ['ram', 'memory-pressure', 'leak', 'memory-leak', 'oom'],
  parameters: {
    size: size({ help: 'beside what it needs itself, e.g. 200MiB', min: MIB, max: 4096 * MIB }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  calls: (scene) => harmed(scene, { kind: 'memory', bytes: scene.values.size }),
})
