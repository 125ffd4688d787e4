/** `cluster 5 prevote checkquorum timeout=150..300 batch=64`: the settings a scene starts with. */
import type { NodeId, RaftConfig } from '../../../src-main/raft/types'

/** Without chance: n1 always draws the shortest timeout, each further node this much more, up to the longest. */
const TIMEOUT_STEP_MS = 25

type Plain = 'preVote' | 'checkQuorum' | 'heartbeatMs' | 'maxEntriesPerMessage' | 'maxInflight'

export interface Settings extends Pick<RaftConfig, Plain> {
  nodes: number
  /** the last so many nodes of the cluster */
  learners: number
  electionTimeoutMs: [number, number]
  priorities: Record<NodeId, number>
  optional: Pick<RaftConfig, 'timers' | 'lease' | 'diskStallMs' | 'changeLimitMs'>
}

/** one setting each: `name=number`, `name=from..to` or, for priorities, `n3=20` */
const NUMBERS: Record<string, (settings: Settings, from: number, to: number) => void> = {
  learners: (settings, count) => (settings.learners = count),
  heartbeat: (settings, ms) => (settings.heartbeatMs = ms),
  timeout: (settings, from, to) => (settings.electionTimeoutMs = [from, to]),
  batch: (settings, entries) => (settings.maxEntriesPerMessage = entries),
  window: (settings, messages) => (settings.maxInflight = messages),
  lease: ({ optional }, driftPpm) => (optional.lease = { driftPpm }),
  backoff: ({ optional }, maxProbeMs) => (optional.timers = { kind: 'backoff', maxProbeMs }),
  adaptive: ({ optional }, floorMs, ceilingMs) => (optional.timers = { kind: 'adaptive', floorMs, ceilingMs }),
  diskstall: ({ optional }, ms) => (optional.diskStallMs = ms),
  changelimit: ({ optional }, ms) => (optional.changeLimitMs = ms),
}

/** @throws when a word is no setting */
export function settingsIn([count, ...words]: readonly string[]): Settings {
  const nodes = Number(count)
  if (!Number.isInteger(nodes) || nodes < 1) throw new Error(`cluster: ${count} is no number of nodes`)
  const settings: Settings = {
    nodes,
    learners: 0,
    preVote: false,
    checkQuorum: false,
    heartbeatMs: 50,
    electionTimeoutMs: [150, 300],
    maxEntriesPerMessage: 64,
    maxInflight: 64,
    priorities: {},
    optional: {},
  }
  for (const word of words) set(settings, word)
  return settings
}

function set(settings: Settings, word: string): void {
  if (word === 'prevote') settings.preVote = true
  else if (word === 'checkquorum') settings.checkQuorum = true
  else {
    const [name = '', value = ''] = word.split('=')
    const [from = 0, to = from] = value.split('..').map(Number)
    const known = Object.keys(NUMBERS).map((name) => `${name}=…`).join(', ')
    const isNumber = value !== '' && from >= 0 && to >= from
    if (isNumber && /^n\d+$/.test(name)) settings.priorities[name] = from
    else if (isNumber && NUMBERS[name]) NUMBERS[name](settings, from, to)
    else throw new Error(`cluster: ${word} is no setting; there are prevote, checkquorum, and n1=…, ${known}`)
  }
}

/** @returns the first voters and learners */
export function membersIn({ nodes, learners }: Settings): { voters: NodeId[]; learners: NodeId[] } {
  const ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`)
  return { voters: ids.slice(0, nodes - learners), learners: ids.slice(nodes - learners) }
}

/** @param drawsMs election timeouts that the script wants instead; each is drawn once, the last one from then on */
export function configOf(settings: Settings, id: NodeId, drawsMs: number[]): RaftConfig {
  const [min, max] = settings.electionTimeoutMs
  const ownMs = Math.min(max, min + (Number(id.slice(1)) - 1) * TIMEOUT_STEP_MS)
  const { priorities, optional, preVote, checkQuorum, heartbeatMs, electionTimeoutMs } = settings
  return {
    id,
    ...membersIn(settings),
    preVote,
    checkQuorum,
    heartbeatMs,
    electionTimeoutMs,
    maxEntriesPerMessage: settings.maxEntriesPerMessage,
    maxInflight: settings.maxInflight,
    maxBytesPerMessage: 1 << 20,
    random: () => {
      const ms = (drawsMs.length > 1 ? drawsMs.shift() : drawsMs[0]) ?? ownMs
      return max === min ? 0 : (ms - min) / (max - min)
    },
    ...optional,
    ...(priorities[id] === undefined ? {} : { priority: priorities[id] }),
    ...(Object.keys(priorities).length === 0 ? {} : { peerPriorities: priorities }),
  }
}
