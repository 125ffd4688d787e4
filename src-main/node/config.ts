/** Checks what the engine passed in the environment: a node that misunderstands its configuration must not vote. */
import { harm } from '@shared/run/harm'
import { CHAIN_MAX_MOST } from '@shared/raft'
import { NODE_CONFIG_ENV, type NodeConfig } from './child'

/** @returns the configuration, or what is wrong with it */
export function parseNodeConfig(text: string | undefined): NodeConfig | string {
  if (text === undefined) return `${NODE_CONFIG_ENV} is not set: a node is started by the engine, with its configuration as JSON`
  let config: NodeConfig
  try {
    config = JSON.parse(text) as NodeConfig
  } catch (error) {
    return `${NODE_CONFIG_ENV} holds no JSON: ${(error as Error).message}`
  }
  const wrong = CHECKS.find(([, holds]) => !isTrue(() => holds(config)))
  return wrong === undefined ? config : `${NODE_CONFIG_ENV}: ${wrong[0]}`
}

type Check = [what: string, holds: (config: NodeConfig) => boolean]

const CHECKS: readonly Check[] = [
  ['id is a name', ({ id }) => isName(id)],
  ['dir is a path', ({ dir }) => isName(dir)],
  ['token is a text', ({ token }) => isName(token)],
  ['originNs is a decimal number as a string', ({ originNs }) => typeof originNs === 'string' && /^\d+$/.test(originNs)],
  ['httpPort and peerPort are two ports', ({ httpPort, peerPort }) => isPort(httpPort) && isPort(peerPort) && httpPort !== peerPort],
  ['voters and learners are names', ({ voters, learners }) => voters.length > 0 && [...voters, ...learners].every(isName)],
  ['no voter or learner is named twice', ({ voters, learners }) => new Set([...voters, ...learners]).size === voters.length + learners.length],
  [
    'peers are other nodes with a port each, all other voters and learners among them',
    ({ id, peers, voters, learners }) =>
      peers.every((peer) => isName(peer.id) && peer.id !== id && isPort(peer.port)) &&
      new Set(peers.map((peer) => peer.id)).size === peers.length &&
      [...voters, ...learners].every((member) => member === id || peers.some((peer) => peer.id === member)),
  ],
  [
    'forced voters are this node and peers',
    ({ id, peers, forced }) => forced === undefined || (isName(forced.id) && forced.voters.length > 0 && forced.voters.every((voter) => voter === id || peers.some((peer) => peer.id === voter))),
  ],
  ['heartbeatMs and requestTimeoutMs are positive', ({ raft }) => raft.heartbeatMs > 0 && raft.requestTimeoutMs > 0],
  [
    'electionTimeoutMs is [least, most], above heartbeatMs',
    ({ raft: { electionTimeoutMs: range, heartbeatMs } }) => range.length === 2 && range[0] > heartbeatMs && range[0] <= range[1],
  ],
  ['preVote and checkQuorum are true or false', ({ raft }) => [raft.preVote, raft.checkQuorum].every((value) => typeof value === 'boolean')],
  ['reads is linearizable, lease or local', ({ raft }) => ['linearizable', 'lease', 'local'].includes(raft.reads)],
  ['lease reads need checkQuorum', ({ raft }) => raft.reads !== 'lease' || raft.checkQuorum],
  [
    `snapshot has entries and ageMs above 0 or null, keptEntries from 0, chainMax from 1 to ${CHAIN_MAX_MOST}`,
    ({ raft: { snapshot = {} } }) =>
      [snapshot.entries, snapshot.ageMs].every((value) => value === undefined || value === null || value > 0) &&
      isWithin(snapshot.keptEntries ?? 0, 0, Infinity) &&
      isWithin(snapshot.chainMax ?? 1, 1, CHAIN_MAX_MOST),
  ],
  ['harms are harms', ({ harms = {} }) => Object.values(harms).every((one) => harm.safeParse(one).success)],
]

/** A check that trips over a missing part says the same as one that fails. */
function isTrue(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536
}
