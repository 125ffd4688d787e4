import { describe, expect, it } from 'vitest'
import type { NodeConfig } from '../../../src-main/node/child'
import { parseNodeConfig } from '../../../src-main/node/config'

const good: NodeConfig = {
  id: 'n1',
  dir: '/data/n1',
  token: 'secret',
  originNs: '12345678901234567',
  httpPort: 20_001,
  peerPort: 20_002,
  peers: [{ id: 'n2', port: 20_004 }],
  voters: ['n1', 'n2'],
  learners: [],
  raft: { heartbeatMs: 50, electionTimeoutMs: [150, 300], preVote: true, checkQuorum: true, reads: 'linearizable', requestTimeoutMs: 2_000 },
}

describe('the configuration of a node', () => {
  it('comes through as it was sent', () => expect(parseNodeConfig(JSON.stringify(good))).toEqual(good))

  it('may be that of a node that waits to be added', () => {
    const waiting = { ...good, id: 'n3', peers: [...good.peers, { id: 'n1', port: 20_006 }, { id: 'n4', port: 20_008 }] }
    expect(parseNodeConfig(JSON.stringify(waiting))).toEqual(waiting)
  })

  it.each([
    ['missing', undefined, 'is not set'],
    ['no JSON', '{', 'no JSON'],
    ['null', 'null', 'id is a name'],
    ['without an id', JSON.stringify({ ...good, id: '' }), 'id is a name'],
    ['with one port for both faces', JSON.stringify({ ...good, peerPort: good.httpPort }), 'two ports'],
    ['without a voter', JSON.stringify({ ...good, voters: [] }), 'voters and learners are names'],
    ['with a voter that is no peer', JSON.stringify({ ...good, voters: ['n1', 'n2', 'n3'] }), 'all other voters and learners among them'],
    ['with a learner that is no peer', JSON.stringify({ ...good, learners: ['n4'] }), 'all other voters and learners among them'],
    ['with a learner that votes', JSON.stringify({ ...good, learners: ['n2'] }), 'named twice'],
    ['without a peer\'s port', JSON.stringify({ ...good, peers: [{ id: 'n2' }] }), 'with a port each'],
    ['with a chain without end', JSON.stringify({ ...good, raft: { ...good.raft, snapshot: { chainMax: 100 } } }), 'chainMax from 1 to 64'],
    ['with leases and no CheckQuorum', JSON.stringify({ ...good, raft: { ...good.raft, reads: 'lease', checkQuorum: false } }), 'lease reads need'],
    ['with an origin as a number', JSON.stringify({ ...good, originNs: 12 }), 'originNs'],
    ['with a heartbeat as long as the timeout', JSON.stringify({ ...good, raft: { ...good.raft, heartbeatMs: 150 } }), 'above heartbeatMs'],
    ['without raft', JSON.stringify({ ...good, raft: undefined }), 'heartbeatMs'],
  ])('%s: says what is wrong', (_name, text, problem) => expect(parseNodeConfig(text)).toContain(problem))
})
