/** All target nodes are restarted one by one, as when a new version is rolled out; or too fast, as when nobody looks. */
import { choice, duration } from '../field'
import type { Call } from '../schedule'
import { defineFault } from './fault'
import { startOf, stopOf } from './process'

export const rollingRestart = defineFault({
  kind: 'rolling-restart',
  family: 'process',
  help: 'stops and starts the target nodes one after the other, in order; ends when the last one is started',
  caution: 'with wait: none nobody looks whether the last node is back before the next one goes: all of them may be out at once',
  alsoCalled: ['rolling', 'rollout', 'rolling-update', 'upgrade', 'deploy'],
  parameters: {
    down: duration({ help: 'from the exit of a node to its start', initial: 500, min: 0, max: 600_000, usual: 's' }),
    pause: duration({ help: 'after one node before the next is stopped', initial: 0, min: 0, max: 600_000, usual: 's' }),
    wait: choice<'caught-up' | 'ready' | 'none'>({
      help: 'what a node has to be before the next one is stopped: caught up with what was committed when it was back, serving, or nothing',
      initial: 'caught-up',
      options: ['caught-up', 'ready', 'none'],
      synonyms: { healthy: 'ready', serving: 'ready', no: 'none', nothing: 'none', synced: 'caught-up' },
    }),
  },
  targets: 'nodes',
  touches: () => 'nodes',
  takesOut: () => 'nodes',
  outAtOnce: ({ wait }) => (wait === 'none' ? Infinity : 1),
  calls({ drawn: { nodes }, values: { down, pause, wait } }) {
    const calls = nodes.flatMap((node, index): Call[] => [
      index === 0 ? stopOf(node) : { ...stopOf(node), gap_ms: pause },
      { ...startOf(node), gap_ms: down },
      ...(wait === 'none' ? [] : [{ method: 'AWAIT', path: node, body: wait } as const]),
    ])
    return { calls, undo: nodes.toReversed().map(startOf) }
  },
})
