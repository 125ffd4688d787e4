/**
 * What every fault is to the rest: its words, its parameters, the calls that make and unmake it, and what is out
 * meanwhile. Validation, the dry run, help and forms are drawn from this alone.
 */
import type { Field } from '../field'
import type { FaultBase, FaultKind, FaultSpec } from '../plan'
import type { Call, DrawnTarget } from '../schedule'

export type FaultFamily = 'process' | 'network'

export interface FaultCalls {
  calls: Call[]
  /** in the order to perform: the last thing done is undone first */
  undo: Call[]
}

export interface Fault {
  kind: FaultKind
  family: FaultFamily
  /** one line */
  help: string
  /** other words people know it by: they get this fault suggested */
  alsoCalled: readonly string[]
  /** beside id, phase, at, for, fault and target */
  parameters: Record<string, Field<unknown>>
  /** whether the target may be a link, a node, or (path: client) a node's client path */
  targets: 'nodes' | 'nodes or links'
  /** what is out while it lasts: the nodes, the links it touches, or nothing */
  takesOut: 'nodes' | 'links' | 'nothing'
  build(base: FaultBase, values: Record<string, unknown>): FaultSpec
  /** what is wrong between parameters that are right one by one */
  conflict(spec: FaultSpec): { parameter: string; message: string; suggestion: string | null } | null
  /**
   * @param drawn names as the view it was drawn from: symbolic names give symbolic calls
   * @param clientGroup name of the load's client group, which names its proxies: `client-n1`
   */
  calls(spec: FaultSpec, drawn: DrawnTarget, clientGroup: string): FaultCalls
}

type Values<P> = { [K in keyof P]: P[K] extends Field<infer T> ? T : never }

interface Definition<K extends FaultKind, P extends Record<string, Field<unknown>>>
  extends Omit<Fault, 'kind' | 'parameters' | 'build' | 'conflict' | 'calls'> {
  kind: K
  parameters: P
  build(base: FaultBase, values: Values<P>): Extract<FaultSpec, { fault: K }>
  conflict?(spec: Extract<FaultSpec, { fault: K }>): ReturnType<Fault['conflict']>
  calls(spec: Extract<FaultSpec, { fault: K }>, drawn: DrawnTarget, clientGroup: string): FaultCalls
}

/** Checks a definition against its own kind and parameters, and forgets them, so that one list can hold all faults. */
export function defineFault<K extends FaultKind, P extends Record<string, Field<unknown>>>(definition: Definition<K, P>): Fault {
  return { conflict: () => null, ...definition } as unknown as Fault
}
