/** A leader cut off from its majority, once per way of cutting; and one that was paused for longer than an election. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareFault } from '@shared/plan/expand'
import { parsePlan } from '@shared/plan/parse'
import type { Call } from '@shared/plan/schedule'
import { readState } from '../../../src-main/janitor/state'
import type { UpLine } from '../../../src-main/lab/conduct/up'
import { type Answer, Desk, kill, request, until } from './command-line'

type NodeLine = UpLine['nodes'][number]

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

/** The plan's defaults; the longest election timeout. */
const MAX_ELECTION_MS = 300

const status = async (node: NodeLine) => (await request('GET', `${node.http}/status`)).body

async function leaderAmong(nodes: NodeLine[], exceptTerm = 0): Promise<NodeLine> {
  let leader: NodeLine | undefined
  await until('one of them leads', async () => {
    const all = await Promise.all(nodes.map(async (node) => ({ node, body: await status(node) })))
    leader = all.find(({ body }) => body.role === 'leader' && Number(body.term) > exceptTerm)?.node
    return leader !== undefined
  }, 10_000)
  return leader!
}

/** The very calls that a plan's partition comes to, for the leader of this moment. */
function isolationCalls(mode: string, leader: string): { calls: Call[]; undo: Call[] } {
  const { plan, problems } = parsePlan(`
faultline: 1
title: isolation
cluster: { nodes: 5 }
timeline:
  - { id: cut, at: 0s, for: 5s, fault: partition, mode: ${mode}, target: leader }
`)
  if (!plan) throw new Error(problems[0]?.message)
  const ids = plan.cluster.nodes.map((node) => node.id)
  return prepareFault(plan.timeline[0]!, plan, 1, { ids, leader, followers: ids.filter((id) => id !== leader) })
}

async function perform(toxiproxy: string, calls: Call[]): Promise<void> {
  for (const call of calls) {
    const body = call.body === null || call.body === undefined ? undefined : JSON.stringify(call.body)
    expect((await request(call.method, toxiproxy + call.path, body)).status).toBeLessThan(300)
  }
}

describe.each(['stall', 'drop', 'refuse'])('the leader isolated from the majority (%s)', (mode) => {
  it('acknowledges nothing, gives up its claim in time, and has its tail overwritten after the heal', async () => {
    const { line } = await desk.up('--nodes', '5')
    const old = await leaderAmong(line.nodes)
    const others = line.nodes.filter((node) => node !== old)
    expect((await request('PUT', `${old.client}/kv/before`, 'the cut')).status).toBe(200)
    const oldTerm = Number((await status(old)).term)

    const { calls, undo } = isolationCalls(mode, old.id)
    await perform(line.toxiproxy!, calls)
    const cutAt = performance.now()
    const lost = Promise.all(Array.from({ length: 5 }, (_, i) => request('PUT', `${old.http}/kv/lost-${i}`, 'nobody may see this')))
    let claimedUntilMs = 0
    while (performance.now() - cutAt < 4 * MAX_ELECTION_MS) {
      const askedMs = performance.now() - cutAt
      if ((await status(old)).role === 'leader') claimedUntilMs = askedMs
    }
    expect(claimedUntilMs).toBeLessThanOrEqual(2 * MAX_ELECTION_MS)
    for (const answer of await lost) expect([421, 503, 504]).toContain(answer.status)
    expect((await request('GET', `${old.http}/kv/before`)).status).toBeGreaterThanOrEqual(421)

    const next = await leaderAmong(others, oldTerm)
    const write = await request('PUT', `${next.client}/kv/after`, 'the majority goes on')
    expect(write.status).toBe(200)
    const tail = Number((await status(old)).last)
    expect(tail).toBeGreaterThan(Number((await status(old)).commit)) // entries that only the old leader has

    await perform(line.toxiproxy!, undo)
    await until('the old leader follows the new one', async () => {
      const [mine, its] = await Promise.all([status(old), status(next)])
      return mine.role === 'follower' && mine.last === its.last && mine.applied === its.applied && its.applied === its.commit
    }, 10_000)
    const local = (key: string): Promise<Answer> => request('GET', `${old.http}/kv/${key}?consistency=local`)
    expect((await local('after')).body.value).toBe('the majority goes on')
    for (let i = 0; i < 5; i++) expect((await local(`lost-${i}`)).body.value).toBeNull()
  })
})

describe('a leader paused for longer than an election', () => {
  it('serves no linearizable read from its old state when it wakes up', async () => {
    const { line } = await desk.up('--nodes', '3')
    const old = await leaderAmong(line.nodes)
    const others = line.nodes.filter((node) => node !== old)
    await request('PUT', `${old.client}/kv/k`, 'old')
    kill(old.pid, 'SIGSTOP')
    await until('it is stopped', () => readState(old.pid)?.letter === 'T', 2_000)
    const next = await leaderAmong(others)
    expect((await request('PUT', `${next.client}/kv/k`, 'new')).status).toBe(200)
    // these wait in its sockets, and are the first thing it sees when it wakes up
    const reads = Array.from({ length: 20 }, () => request('GET', `${old.http}/kv/k`))
    kill(old.pid, 'SIGCONT')
    for (const answer of await Promise.all(reads)) {
      if (answer.status === 200) expect(answer.body.value).toBe('new')
      else expect([421, 503, 504]).toContain(answer.status)
    }
  })
})
