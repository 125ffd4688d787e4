/** The calls of faults that are a signal to a node process. */
import type { Call, DrawnTarget } from '../schedule'
import type { FaultCalls } from './fault'

export function signals(drawn: DrawnTarget, signal: 'SIGKILL' | 'SIGSTOP', back: (node: string) => Call): FaultCalls {
  return {
    calls: drawn.nodes.map((node) => ({ method: 'SIGNAL', path: node, body: signal })),
    undo: drawn.nodes.toReversed().map(back),
  }
}
