/** One node as the lab sees it: its process and what it last said about itself. */
import type { ChildProcess } from 'node:child_process'
import type { NodeSample, Role } from '@shared/run/event'
import type { Harm } from '@shared/run/harm'
import type { ForcedWord } from '../../node/child'
import { Lives } from './lives'

/** `starting` until its log is replayed; `paused` = stopped by a signal of ours. */
export type ProcessState = 'starting' | 'running' | 'paused' | 'down'

export interface NodeProcess {
  id: string
  http: number
  peer: number
  client: number
  child: ChildProcess | null
  pid: number | null
  boot: string | null
  state: ProcessState
  role: Role
  /** as of the last configuration that took effect on it; without one it follows as a learner */
  hasVote: boolean
  term: number
  /** who this node believes leads */
  leader: string | null
  /** last round of its heartbeats that a quorum acknowledged, ns since the origin */
  lastAckNs: number | null
  /** its shortest election timeout, once adaptive timers have changed it */
  timeoutMs: number | null
  sample: NodeSample | null
  /** its samples of the last minutes, oldest first */
  history: NodeSample[]
  /** harms it was told to suffer, by the id of their fault: told again when it starts anew */
  harms: Map<string, Harm>
  lives: Lives
  /** its newest snapshot, and when that was durable */
  snapshot: { index: number; atNs: number } | null
  /** an operator's word, told at each start */
  forced: ForcedWord | null
}

/** Two minutes of samples. */
const HISTORY_MAX = 600

export function remember(node: NodeProcess, sample: NodeSample): void {
  node.sample = sample
  node.history.push(sample)
  if (node.history.length > HISTORY_MAX) node.history.shift()
}

export function freshNode(id: string, ports: { http: number; peer: number; client: number }, hasVote: boolean): NodeProcess {
  return { id, ...ports, child: null, pid: null, boot: null, state: 'down', role: roleOf('follower', hasVote), hasVote, term: 0, leader: null, lastAckNs: null, timeoutMs: null, sample: null, history: [], harms: new Map(), lives: new Lives(), snapshot: null, forced: null }
}

/** A node says follower whether it votes or not. */
export function roleOf(said: Role, hasVote: boolean): Role {
  return said === 'follower' && !hasVote ? 'learner' : said
}

/**
 * The current leader: among running nodes that claim it, the one in the newest term. A claim in an older term is a
 * stale leader; so is any claim that no longer is the newest term seen anywhere.
 */
export function currentLeader(nodes: readonly NodeProcess[]): NodeProcess | null {
  let best: NodeProcess | null = null
  for (const node of nodes) {
    if (node.state !== 'running' || node.role !== 'leader') continue
    if (!best || node.term > best.term) best = node
  }
  return best
}

/** Claims leadership although a newer leader does, too. */
export function isStaleLeader(node: NodeProcess, nodes: readonly NodeProcess[]): boolean {
  return node.role === 'leader' && nodes.some((other) => other !== node && other.role === 'leader' && other.state !== 'down' && other.term > node.term)
}
