/** What operators do is seen in what the nodes say: who leads, who is a member, where the newest snapshot stands. */
import type { FaultObserver, Seen } from './fault'
import { type Observation, observer } from './fault'

/** Learners catch up first, and a change may take a minute. */
const MEMBERS_WITHIN_MS = 150_000

/** Done for good: nobody looks for an end. */
const stays = (): Seen => 'it stays'

export const transfer: FaultObserver = {
  withinMs: 2_000,
  isThere({ cluster, drawn, requestedNs, acknowledgedNs }) {
    const leader = cluster.leader()
    if (!leader || leader.id === drawn.nodes[0]) return null
    const tookMs = (acknowledgedNs - requestedNs) / 1e6
    const { electionTimeoutMs } = cluster.settings.raft
    return `${leader.id} took over within ${tookMs.toFixed(0)} ms (election timeout ${electionTimeoutMs[0]} ms)`
  },
  isGone: stays,
}

export const snapshot: FaultObserver = {
  withinMs: 5_000,
  isThere({ cluster, drawn, requestedNs }) {
    const made = drawn.nodes.map((id) => ({ id, snapshot: cluster.node(id).snapshot }))
    if (!made.every((node) => node.snapshot !== null && node.snapshot.atNs >= requestedNs)) return null
    return made.map((node) => `${node.id}: up to entry ${node.snapshot!.index}`).join(', ')
  },
  isGone: stays,
}

export const addNode = observer<{ learner: boolean }>({
  withinMs: MEMBERS_WITHIN_MS,
  isThere({ cluster: { members }, drawn: { nodes }, values: { learner } }) {
    const among = learner ? members.learners : members.voters
    return nodes.every((id) => among.includes(id)) ? votesNow(members) : null
  },
  isGone: stays,
})

export const removeNode: FaultObserver = {
  withinMs: MEMBERS_WITHIN_MS,
  isThere: ({ cluster: { members }, drawn: { nodes } }) => (nodes.some((id) => members.has(id)) ? null : votesNow(members)),
  isGone: stays,
}

export const replaceNode = observer<{ with: string }>({
  withinMs: MEMBERS_WITHIN_MS,
  isThere({ cluster: { members }, drawn: { nodes }, values }) {
    return members.voters.includes(values.with) && !members.has(nodes[0] ?? '') ? votesNow(members) : null
  },
  isGone: stays,
})

export const forceMembers: FaultObserver = {
  withinMs: 30_000,
  isThere({ cluster, drawn: { nodes } }) {
    const { members } = cluster
    const leader = cluster.leader()
    if (!leader || !nodes.includes(leader.id) || members.voters.length !== nodes.length) return null
    return nodes.every((id) => members.voters.includes(id)) ? `${votesNow(members)}; ${leader.id} leads` : null
  },
  isGone: stays,
}

const votesNow = ({ voters }: Observation['cluster']['members']): string => `votes of ${voters.join(', ')} count`
