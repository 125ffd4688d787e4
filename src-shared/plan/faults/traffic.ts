/** Client groups that ask more, ask for one key, write more bytes, or have few connections. */
import type { LoadChange } from '../../run/load-change'
import { integer, percentage, rate, size } from '../field'
import type { Call } from '../schedule'
import { defineFault, type Fault, type FaultCalls, type Scene } from './fault'

const ofTraffic: Pick<Fault, 'family' | 'targets'> & { touches: () => 'nodes'; takesOut: () => 'nothing' } = {
  family: 'traffic',
  targets: 'groups',
  touches: () => 'nodes',
  takesOut: () => 'nothing',
}

function asked({ id, drawn: { groups } }: Pick<Scene, 'id' | 'drawn'>, change: LoadChange): FaultCalls {
  const told = (group: string, of: LoadChange | null): Call => ({ method: 'LOAD', path: group, body: { id, change: of } })
  return { calls: groups.map((group) => told(group, change)), undo: groups.toReversed().map((group) => told(group, null)) }
}

export const spike = defineFault({
  ...ofTraffic,
  kind: 'spike',
  help: 'asks so many requests per second at once, in each client group that it hits',
  caution: 'the load generator shares the cores of this machine: what it cannot send in time makes the run INVALID',
  alsoCalled: ['burst', 'surge', 'overload', 'load-spike', 'flash-crowd', 'stampede'],
  parameters: {
    rate: rate({ help: 'requests per second instead of what the plan says, e.g. 500/s', min: 0.1, max: 20_000 }),
  },
  calls: (scene) => asked(scene, { kind: 'rate', ratePerS: scene.values.rate }),
})

export const ramp = defineFault({
  ...ofTraffic,
  kind: 'ramp',
  help: "goes from the plan's rate in a straight line to another one, which it has when the fault ends",
  caution: "afterwards it is the plan's rate again at once",
  alsoCalled: ['ramp-up', 'growth', 'increase', 'load-ramp'],
  parameters: {
    to: rate({ help: 'requests per second of each client group at the end, e.g. 1000/s', min: 0.1, max: 20_000 }),
  },
  calls: (scene) => asked(scene, { kind: 'ramp', toPerS: scene.values.to, overMs: scene.durationMs }),
})

export const hotKey = defineFault({
  ...ofTraffic,
  kind: 'hot-key',
  help: "sends this share of a client group's requests to its first key",
  caution: 'a share that one key has anyway (all keys are asked alike) changes nothing',
  alsoCalled: ['hot', 'hotkey', 'hotspot', 'hot-spot', 'skew', 'celebrity'],
  parameters: {
    share: percentage({ help: 'of all requests of the group, e.g. 80%', min: 0.01, max: 1 }),
  },
  calls: (scene) => asked(scene, { kind: 'hot-key', share: scene.values.share }),
})

export const largeValues = defineFault({
  ...ofTraffic,
  kind: 'large-values',
  help: 'writes values of this size',
  caution: 'appends make them longer still: past 1MiB a node refuses them, and what reads them takes as long',
  alsoCalled: ['large', 'big-values', 'large-payload', 'payload', 'value-size', 'large-requests'],
  parameters: {
    // key, client, sequence and checksum of any plan fit into the least
    size: size({ help: 'of each value written, e.g. 64KB', min: 1_000, max: 1024 * 1024 }),
  },
  calls: (scene) => asked(scene, { kind: 'value-size', sizeBytes: scene.values.size }),
})

export const pool = defineFault({
  ...ofTraffic,
  kind: 'pool',
  help: 'leaves a client group so many connections to each node: the other requests wait for one',
  caution: 'it shows only where more connections are needed: a load that is too small never waits',
  alsoCalled: ['connection-pool', 'pool-exhaustion', 'connections', 'pool-limit'],
  parameters: {
    size: integer({ help: 'connections of the group to each node, at most', min: 1, max: 10_000 }),
  },
  calls: (scene) => asked(scene, { kind: 'pool', size: scene.values.size }),
})
