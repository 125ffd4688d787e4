/** Snapshots between simulated nodes: what counts as received. */
import { expect, it } from 'vitest'
import { Agenda } from '../../../src-main/sim/agenda'
import { CoreConfigs } from '../../../src-main/sim/core-configs'
import { Coverage } from '../../../src-main/sim/coverage'
import { HistoryHash } from '../../../src-main/sim/history-hash'
import { Invariants } from '../../../src-main/sim/invariants'
import { SimNode } from '../../../src-main/sim/nodes'
import { planOf } from '../../../src-main/sim/plan'
import type { Surroundings } from '../../../src-main/sim/surroundings'

const SYNC_MS = 10
/** longer than any election of a plan */
const ELECTED_MS = 10_000

/** A cluster of one, whose disk takes `SYNC_MS`. */
function nodeAlone(): { node: SimNode; agenda: Agenda } {
  const agenda = new Agenda()
  const configs = new CoreConfigs(planOf(1, { faults: 'none', nodes: 1 }), ['n1'])
  const around: Surroundings = {
    agenda,
    invariants: new Invariants(() => node.disk.durable),
    hash: new HistoryHash(),
    coverage: new Coverage(),
    steps: 0,
    config: (id, life) => configs.of(id, life),
    patienceMs: 100,
    snapshots: { snapshotEvery: 0, keepEntries: 0 },
    send: () => undefined,
    sendSnapshot: () => undefined,
    syncMs: () => SYNC_MS,
    syncing: () => undefined,
    cutting: () => undefined,
    told: () => undefined,
  }
  const node: SimNode = new SimNode('n1', 0, 1, around)
  node.start()
  return { node, agenda }
}

it('a received snapshot counts once it is durable: a crash before that forgets it, and it has to come again', () => {
  const { node, agenda } = nodeAlone()
  agenda.runUntil(ELECTED_MS)
  const meta = node.raft!.snapshotMeta(node.machine.applied)!
  expect(meta.index, 'its no-op is committed').toBe(1)
  const snapshot = { meta, chain: [node.machine.capture('full')] }
  let taken = 0
  node.snapshots.receive(snapshot, () => taken++)
  agenda.runUntil(ELECTED_MS + SYNC_MS / 2)
  node.crash(() => 0.5)
  node.start()
  agenda.runUntil(ELECTED_MS + 5 * SYNC_MS)
  expect(taken, 'it was lost with the crash').toBe(0)
  node.snapshots.receive(snapshot, () => taken++)
  agenda.runUntil(ELECTED_MS + 10 * SYNC_MS)
  expect(taken).toBe(1)
})
