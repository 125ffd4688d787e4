/** The calls of faults that end, stop or start node processes. */
import type { Call, DrawnTarget } from '../schedule'
import type { FaultCalls } from './fault'

/** Harmless where the process runs. */
export const startOf = (node: string): Call => ({ method: 'START', path: node, body: null })

/** Harmless where there is no process. */
export const stopOf = (node: string): Call => ({ method: 'STOP', path: node, body: null })

export function signals(drawn: DrawnTarget, signal: 'SIGKILL' | 'SIGSTOP', back: (node: string) => Call): FaultCalls {
  return {
    calls: drawn.nodes.map((node) => ({ method: 'SIGNAL', path: node, body: signal })),
    undo: drawn.nodes.toReversed().map(back),
  }
}
