/** Checks what the engine passed in the environment: a node that misunderstands its configuration must not vote. */
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
  ['voters are names, this node among them', ({ id, voters }) => voters.every(isName) && voters.includes(id)],
  ['no voter is named twice', ({ voters }) => new Set(voters).size === voters.length],
  [
    'peers are all voters but this node, each with a port',
    ({ id, peers, voters }) =>
      peers.length === voters.length - 1 && peers.every((peer) => peer.id !== id && voters.includes(peer.id) && isPort(peer.port)),
  ],
  ['heartbeatMs and requestTimeoutMs are positive', ({ raft }) => raft.heartbeatMs > 0 && raft.requestTimeoutMs > 0],
  [
    'electionTimeoutMs is [least, most], above heartbeatMs',
    ({ raft: { electionTimeoutMs: range, heartbeatMs } }) => range.length === 2 && range[0] > heartbeatMs && range[0] <= range[1],
  ],
  ['preVote and checkQuorum are true or false', ({ raft }) => [raft.preVote, raft.checkQuorum].every((value) => typeof value === 'boolean')],
  ['reads is linearizable or local', ({ raft }) => raft.reads === 'linearizable' || raft.reads === 'local'],
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

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536
}
