/** A disk that is slow, full, broken, hanging, torn or rotten, as a node's log meets it. */
import { duration } from '../field'
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { harmed, harmedFatally } from './harm'
import { startOf, stopOf } from './process'

const MADE = "made at the node's file layer, under its log, not by the device: snapshots and other processes see nothing of it"

export const fsyncSlow = defineFault({
  kind: 'fsync-slow',
  family: 'storage',
  help: "each fsync of the node's log takes longer, or ever longer",
  caution: MADE,
  alsoCalled: ['disk', 'storage', 'slow-disk', 'disk-slow', 'disk-latency', 'io-delay', 'fsync'],
  parameters: {
    delay: duration({ help: 'how much longer each fsync takes', min: 1, max: 60_000 }),
    grow: duration({ help: 'and so much longer still for each second that the fault is old', initial: 0, min: 0, max: 10_000 }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
  calls: (scene) => harmed(scene, { kind: 'fsync-slow', delayMs: scene.values.delay, growMsPerS: scene.values.grow }),
})

export const diskFull = defineFault({
  kind: 'disk-full',
  family: 'storage',
  help: "writes to the node's log fail with ENOSPC: the node stops at the first; started again when the fault ends",
  caution: MADE,
  alsoCalled: ['enospc', 'no-space', 'fill-disk'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: (scene) => harmedFatally(scene, { kind: 'disk-full' }),
})

export const diskError = defineFault({
  kind: 'disk-error',
  family: 'storage',
  help: "writes and fsyncs of the node's log fail with EIO: the node stops at the first; started again when the fault ends",
  caution: MADE,
  alsoCalled: ['eio', 'io-error', 'disk-failure', 'bad-disk'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: (scene) => harmedFatally(scene, { kind: 'disk-error' }),
})

export const diskHang = defineFault({
  kind: 'disk-hang',
  family: 'storage',
  help: "writes and fsyncs of the node's log don't come back until the fault ends",
  caution: `${MADE}; a node that nothing is written to shows nothing`,
  alsoCalled: ['io-hang', 'disk-stall', 'stuck-disk'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: (scene) => harmed(scene, { kind: 'disk-hang' }),
})

export const tornWrite = defineFault({
  kind: 'torn-write',
  family: 'storage',
  help: 'kills the node process in the middle of its next write: the last record of its log is torn; started again when the fault ends',
  caution: 'all but the last bytes of the write are on disk when the process kills itself with SIGKILL; nothing of it was promised to anybody',
  alsoCalled: ['torn', 'partial-write', 'power-loss', 'power-failure'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls: (scene) => harmedFatally(scene, { kind: 'torn-write' }),
})

export const bitFlip = defineFault({
  kind: 'bit-flip',
  family: 'storage',
  help: 'kills the node process and turns over one bit of its log: the node refuses to start until the bit is put right, when the fault ends',
  caution: 'the bit is of a batch that has another one behind it: damage in the last batch looks like a torn write, and would be cut',
  alsoCalled: ['corrupt', 'corruption', 'bitrot', 'bit-rot', 'data-corruption'],
  parameters: {},
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  calls(scene) {
    const { nodes } = scene.drawn
    const { calls, undo } = harmed(scene, { kind: 'bit-flip', seed: scene.seed })
    const kills = nodes.map((node): Call => ({ method: 'SIGNAL', path: node, body: 'SIGKILL' }))
    // one that has not found the damage yet has to be gone before it is started anew
    return { calls: [...calls, ...kills, ...nodes.map(startOf)], undo: undo.flatMap((end) => [end, stopOf(end.path), startOf(end.path)]) }
  },
})
