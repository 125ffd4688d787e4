/** What a script can look at: the state of the nodes and their logs, drawn as in the paper's figures. */
import type { Status } from '../../../src-main/raft/types'
import { decodeMembership } from '../../../src-main/raft/types'
import { entryAt } from '../world/disk'
import type { ScriptedNode } from '../world/node'
import { printMembership } from './messages'

/** One line: role, term, and how far it knows the log to be committed. */
export function statusLine({ id, raft, isPaused }: ScriptedNode): string {
  if (!raft) return `${id}  crashed`
  const status = raft.status()
  const words = [roleOf(status), `term ${status.term}`]
  if (status.vote !== null) words.push(`voted ${status.vote}`)
  words.push(`commit ${status.commit} of ${status.last}`)
  if (isPaused) words.push('paused')
  return `${id}  ${words.join(', ')}`
}

function roleOf({ id, role, leader, membership: { voters, outgoing, learners } }: Status): string {
  if (role !== 'follower') return role
  if (learners.includes(id)) return leader === null ? 'learner' : `learns from ${leader}`
  if (!voters.includes(id) && !outgoing.includes(id)) return 'no member'
  return leader === null ? 'follower' : `follows ${leader}`
}

/**
 * The terms of its entries in order, `|` after the last one it knows to be committed, in brackets what is not yet on
 * its disk; `..5` is what was cut, up to 5.
 */
export function logLine({ id, raft, log, disk }: ScriptedNode): string {
  const commit = raft?.status().commit ?? disk.snapshot?.meta.index ?? 0
  const cut = log.length > 0 ? log[0]!.index - 1 : (disk.snapshot?.meta.index ?? 0)
  const words: string[] = cut > 0 ? [`..${cut}`] : []
  if (commit <= cut) words.push('|')
  for (const { index, term } of log) {
    const isDurable = entryAt(disk.entries, index)?.term === term
    words.push(isDurable ? `${term}` : `(${term})`)
    if (index === commit) words.push('|')
  }
  return `${id}  ${words.join(' ')}`
}

/** The entries themselves. */
export function entriesLine({ id, log }: ScriptedNode): string {
  const decode = new TextDecoder()
  const words = log.map(({ index, term, type, data }) => {
    if (type === 'config') return `${index}/${term} [${printMembership(decodeMembership(data))}]`
    return `${index}/${term} ${type === 'noop' ? 'no-op' : decode.decode(data)}`
  })
  return `${id}  ${words.join(', ')}`
}

/** What its state machine holds. */
export function stateLine({ id, state }: ScriptedNode): string {
  const pairs = [...state].map(([key, value]) => `${key}=${value}`)
  return `${id}  ${pairs.length > 0 ? pairs.join(' ') : 'empty'}`
}

/** Who takes part as this node knows it. */
export function membersLine({ id, raft }: ScriptedNode): string {
  if (!raft) return `${id}  crashed`
  const { membership, membershipIndex, commit } = raft.status()
  return `${id}  ${printMembership(membership)}${membershipIndex > commit ? ', not committed' : ''}`
}

/** What a leader knows of its followers. */
export function progressLines({ alive }: ScriptedNode): string[] {
  const { role, progress } = alive.status()
  if (role !== 'leader') return ['not a leader']
  return Object.entries(progress).map(([id, { match, next, mode }]) => `${id}  ${mode}, has ${match}, gets ${next} next`)
}
