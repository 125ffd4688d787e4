/** Names of nodes, groups and links in a command: `n1`, `n1,n2`, `n1->n2`, `n1->*`, `n1<->n2`. */
import type { NodeId } from '../../../src-main/raft/types'
import type { Links } from '../world/network'

/** @param known the nodes there are; `*` and no word at all mean each of them */
export function nodesIn(word: string | undefined, known: readonly NodeId[]): NodeId[] {
  if (word === undefined || word === '*') return [...known]
  const ids = word.split(',')
  for (const id of ids) if (!known.includes(id)) throw new Error(`there is no node ${id}`)
  return ids
}

/** `n1->n2` and its like; a group `n1,n2,n3` means the links among them, nothing means all. */
export function linksIn(word: string | undefined, known: readonly NodeId[]): Links {
  const [left, right, ...more] = (word ?? '*').split(/<?->/)
  if (more.length > 0) throw new Error(`${word} is no link`)
  const senders = nodesIn(left, known)
  const receivers = right === undefined ? senders : nodesIn(right, known)
  const isBothWays = word?.includes('<->') ?? false
  const isOn: Links = (from, to) => senders.includes(from) && receivers.includes(to)
  return isBothWays ? (from, to) => isOn(from, to) || isOn(to, from) : isOn
}

/** @returns every directed link of these */
export function eachLink(links: Links, known: readonly NodeId[]): [NodeId, NodeId][] {
  return known.flatMap((from) => known.filter((to) => to !== from && links(from, to)).map((to): [NodeId, NodeId] => [from, to]))
}
