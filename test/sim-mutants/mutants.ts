/**
 * The eleven classic mistakes in Raft, each as a small change to the source of the core or of the state machine. The
 * simulator has to find every one of them; a mutant that nobody finds means that the simulator is too tame.
 */

export interface Edit {
  /** below src-main */
  file: string
  /** occurs exactly once; when the source moves on, the mutant has to move with it */
  find: string
  replace: string
}

export interface Mutant {
  id: string
  /** number in the list of mistakes */
  mistake: number
  what: string
  edits: readonly Edit[]
  /** within how many seeds it has to be found */
  seedsMax: number
}

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace })

export const mutants: readonly Mutant[] = [
  {
    id: 'timer-on-refused-vote',
    mistake: 1,
    what: 'a refused vote restarts the election timer',
    edits: [edit('raft/elections.ts', '  if (granted) {\n', '  restartElectionTimer(core)\n  if (granted) {\n')],
    seedsMax: 20,
  },
  {
    id: 'vote-kept-in-new-term',
    mistake: 2,
    what: 'a higher term is adopted, and the vote of the old one kept',
    edits: [edit('raft/core.ts', '    core.vote = null\n', '')],
    seedsMax: 50,
  },
  {
    id: 'stale-vote-counted',
    mistake: 3,
    what: 'a vote of an earlier term counts in this one',
    edits: [edit('raft/raft.ts', 'return message.term < core.term ? undefined : onVoteReply(core, message)', 'return onVoteReply(core, message)')],
    seedsMax: 600,
  },
  {
    id: 'stale-append-reply',
    mistake: 3,
    what: 'an answer to an append of an earlier term counts in this one',
    edits: [edit('raft/raft.ts', 'return message.term < core.term ? undefined : onAppendReply(core, message)', 'return onAppendReply(core, message)')],
    seedsMax: 500,
  },
  {
    id: 'match-from-next',
    mistake: 4,
    what: 'matchIndex is taken from nextIndex − 1',
    edits: [edit('raft/replication.ts', 'follower.accepted(match)', 'follower.accepted(follower.next - 1)')],
    seedsMax: 20,
  },
  {
    id: 'truncate-always',
    mistake: 5,
    what: 'the log is cut without a conflict',
    edits: [edit('raft/following.ts', '  while (known < entries.length && log.term(', '  while (false && log.term(')],
    seedsMax: 20,
  },
  {
    id: 'heartbeat-unchecked',
    mistake: 5,
    what: 'heartbeats skip the check of the entry before',
    edits: [edit('raft/following.ts', 'if (core.log.term(prevIndex) !== prevTerm) {', 'if (entries.length > 0 && core.log.term(prevIndex) !== prevTerm) {')],
    seedsMax: 50,
  },
  {
    id: 'commit-as-told',
    mistake: 6,
    what: 'commitIndex follows the leader past the last new entry',
    edits: [edit('raft/following.ts', 'Math.min(message.commit, lastNew)', 'Math.min(message.commit, core.log.last)')],
    seedsMax: 100,
  },
  {
    id: 'commit-older-terms',
    mistake: 7,
    what: 'entries of earlier terms are committed by counting',
    edits: [edit('raft/replication.ts', ' || log.term(index) !== core.term) return', ') return')],
    seedsMax: 500,
  },
  {
    id: 'longer-log-wins',
    mistake: 8,
    what: 'logs are compared by index before term',
    edits: [
      edit(
        'raft/elections.ts',
        'return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.last)',
        'return lastIndex > log.last || (lastIndex === log.last && lastTerm >= log.lastTerm)',
      ),
    ],
    seedsMax: 600,
  },
  {
    id: 'no-deduplication',
    mistake: 9,
    what: 'a retried write is executed again',
    edits: [edit('node/state/machine.ts', 'if (session === null) return', 'if (session !== undefined) return')],
    seedsMax: 50,
  },
  {
    id: 'sessions-not-in-snapshot',
    mistake: 9,
    what: 'client sessions are missing from the snapshot',
    edits: [edit('node/state/machine.ts', 'machine.sessions.adopt(capture.sessions)', '')],
    seedsMax: 50,
  },
  {
    id: 'ack-before-durable',
    mistake: 10,
    what: 'a follower confirms entries before they are on disk',
    edits: [edit('raft/following.ts', 'if (message.entries.length > 0) core.outbox.sendAfterPersist(reply)', 'if (message.entries.length > 0) core.outbox.sendNow(reply)')],
    seedsMax: 20,
  },
  {
    id: 'vote-before-durable',
    mistake: 10,
    what: 'a vote leaves before it is on disk',
    edits: [
      edit(
        'raft/elections.ts',
        'core.outbox.sendAfterPersist(reply(core, from, core.term, false, granted))',
        'core.outbox.sendNow(reply(core, from, core.term, false, granted))',
      ),
    ],
    seedsMax: 20,
  },
  {
    id: 'own-entries-before-durable',
    mistake: 10,
    what: 'a leader counts its own entries before they are on disk',
    edits: [edit('raft/replication.ts', 'id === config.id ? log.durable', 'id === config.id ? log.last')],
    seedsMax: 50,
  },
  {
    id: 'prevote-deaf',
    mistake: 10,
    what: 'a PreVote is granted while the leader is heard',
    edits: [edit('raft/elections.ts', ' && !hearsLeader(core)\n', '\n')],
    seedsMax: 100,
  },
  {
    id: 'no-no-op',
    mistake: 11,
    what: 'a new leader appends nothing of its own term',
    edits: [edit('raft/leading.ts', "appendOwn(core, leader, 'noop', [NOTHING])", '')],
    seedsMax: 20,
  },
  {
    id: 'read-before-own-entry',
    mistake: 11,
    what: 'ReadIndex is served before an entry of the own term is committed',
    edits: [
      edit('raft/leading.ts', 'if (core.commit < leader.firstIndex) return\n', ''),
      edit('raft/leading.ts', 'Math.max(core.commit, leader.firstIndex)', 'core.commit'),
    ],
    seedsMax: 200,
  },
]
