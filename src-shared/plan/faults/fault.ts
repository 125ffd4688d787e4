/**
 * What every fault is to the rest: its words, its parameters, the calls that make and unmake it, and what is out
 * meanwhile. Validation, the dry run, help, forms and the reference page are drawn from this alone.
 */
import type { Field } from '../field'
import type { FaultValues, PlanNode } from '../plan'
import type { Call, DrawnTarget } from '../schedule'
import type { Shape } from './shapes'

export const faultFamilies = ['process', 'network', 'storage', 'clock', 'resource', 'traffic', 'operator'] as const
export type FaultFamily = (typeof faultFamilies)[number]

export interface FaultCalls {
  /** in the order to perform; one with `after_ms` waits until the fault is that old */
  calls: Call[]
  /** in the order to perform: the last thing done is undone first. Each must be harmless where nothing is left to undo */
  undo: Call[]
}

/** What a fault is made for: its entry, and whom it was drawn to hit. */
export interface Scene<V = FaultValues> {
  id: string
  values: V
  /** names as the view it was drawn from: symbolic names give symbolic calls */
  drawn: DrawnTarget
  /** name of the load's client group, which names its proxies: `client-n1` */
  clientGroup: string
  /** from its begin to its planned end */
  durationMs: number
  /** of the plan: what is random inside the fault is drawn from it and from the fault's id */
  seed: number
}

/** How the members are others once it is done. */
export type MembersChange =
  /** `named`: the key of the plan that says who joins; a learner that joins with a vote gets it */
  | { kind: 'change'; joins: readonly string[]; withVote: boolean; leaves: readonly string[]; named: 'target' | 'with' }
  | { kind: 'forced'; voters: readonly string[] }

export interface Conflict {
  parameter: string
  message: string
  suggestion: string | null
}

export interface Fault<V = FaultValues> {
  kind: string
  family: FaultFamily
  /** one line */
  help: string
  /** what the user has to know before choosing it: what it can't do, or what it is made with; null = nothing */
  caution: string | null
  /** other words people know it by: they get this fault suggested */
  alsoCalled: readonly string[]
  /** beside id, phase, at, for, fault and target */
  parameters: Record<string, Field<unknown>>
  /** what the target may be; groups: client groups, all of them where the plan says nothing; none: the whole cluster */
  targets: 'nodes' | 'nodes or links' | 'groups' | 'none'
  /** which part of a node target it acts on: the node itself, its links to nodes outside the target, or its client path */
  touches(values: V): 'nodes' | 'links' | 'clients'
  /** shape of what is cut or slowed between a node target and the others; `around` = all links between them */
  shape(values: V): Shape
  /** what is out while it lasts: the nodes, the links it touches, or nothing */
  takesOut(values: V): 'nodes' | 'links' | 'nothing'
  /** where its nodes are out in turns: the most of them at once */
  outAtOnce(values: V): number
  /** delay that it adds to a link one way, in ms; 0 = none, or none that could be told */
  delayMs(values: V): number
  /** what is wrong between parameters that are right one by one */
  conflict(values: V): Conflict | null
  /** what is wrong with nodes that its parameters name */
  misfit(values: V, nodes: readonly PlanNode[]): Conflict | null
  /** @param nodes whom it hits. @returns null: members stay as they are */
  membersChange(values: V, nodes: readonly string[]): MembersChange | null
  calls(scene: Scene<V>): FaultCalls
}

type Values<P> = { [K in keyof P]: P[K] extends Field<infer T> ? T : never }

type Optional = 'caution' | 'shape' | 'outAtOnce' | 'delayMs' | 'conflict' | 'misfit' | 'membersChange'
type Definition<P> = Omit<Fault<Values<P>>, 'parameters' | Optional> & Partial<Pick<Fault<Values<P>>, Optional>> & { parameters: P }

/** Checks a definition against its own parameters, and forgets their types, so that one list can hold all faults. */
export function defineFault<P extends Record<string, Field<unknown>>>(definition: Definition<P>): Fault {
  const usual = { caution: null, shape: () => 'around', conflict: () => null, misfit: () => null, membersChange: () => null, outAtOnce: () => Infinity, delayMs: () => 0 }
  return { ...usual, ...definition } as unknown as Fault
}
