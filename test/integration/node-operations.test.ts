import { describe, expect, it } from 'vitest'
import { type NodeProcesses, TOKEN, until } from './node/processes'
import { nodeSuite } from './node/suite'

const { prepared } = nodeSuite()

const admin = (cluster: NodeProcesses, id: string, path: string, body: object) =>
  cluster.request(id, 'POST', `/admin/${path}`, JSON.stringify(body), { authorization: `Bearer ${TOKEN}` })

const statusOf = async (cluster: NodeProcesses, id: string) => (await cluster.request(id, 'GET', '/status')).body

/** Writes one after the other, following the leader, until it is told to stop. */
function load(cluster: NodeProcesses, first: string) {
  const state = { isOver: false, acknowledged: new Map<string, string>(), refused: 0, unknown: 0 }
  const client = async (name: number): Promise<void> => {
    let target = first
    for (let i = 0; !state.isOver; i++) {
      const [key, value] = [`c${name}-${i}`, `value ${name} ${i}`]
      const headers = { 'faultline-client': `c${name}`, 'faultline-seq': String(i + 1) }
      for (let isDone = false; !isDone && !state.isOver; ) {
        const answer = await cluster.request(target, 'PUT', `/kv/${key}`, value, headers).catch(() => null)
        if (answer?.status === 200) {
          state.acknowledged.set(key, value)
          isDone = true
        } else if (answer?.status === 421 || answer === null) {
          state.refused++
          const known = answer?.body.leader as string | null | undefined
          target = known ?? cluster.ids[Math.floor(Math.random() * cluster.ids.length)]!
          if (cluster.node(target).hasEnded) target = first
          await new Promise((resolve) => setImmediate(resolve))
        } else {
          state.unknown++ // sent again under the same sequence: it is done at most once
        }
      }
    }
  }
  const clients = Promise.all(Array.from({ length: 4 }, (_, name) => client(name)))
  return {
    state,
    stop: async () => {
      state.isOver = true
      await clients
    },
  }
}

async function lost(cluster: NodeProcesses, leader: string, acknowledged: Map<string, string>): Promise<string[]> {
  const missing: string[] = []
  for (const [key, value] of acknowledged) {
    if ((await cluster.request(leader, 'GET', `/kv/${key}`)).body.value !== value) missing.push(key)
  }
  return missing
}

describe('leadership', () => {
  it('moves where it is asked to in less than an election timeout, under load', async () => {
    const cluster = await prepared(3)
    for (const id of cluster.ids) cluster.config(id).raft.electionTimeoutMs = [1_000, 2_000]
    cluster.start()
    const leader = await cluster.leader()
    const { state, stop } = load(cluster, leader)
    await until('some writes', () => state.acknowledged.size > 20)
    const to = cluster.ids.find((id) => id !== leader)!
    const answer = await admin(cluster, leader, 'transfer', { to })
    expect(answer).toMatchObject({ status: 200, body: { leader: to } })
    expect(answer.body.ms).toEqual(expect.any(Number)) // the core gives up after the shortest timeout: 200 says it took less
    const before = state.acknowledged.size
    await until('writes go on', () => state.acknowledged.size > before + 20)
    await stop()
    expect(await cluster.leader()).toBe(to)
    expect(await lost(cluster, to, state.acknowledged)).toEqual([])
    expect(await admin(cluster, leader, 'transfer', { to: leader })).toMatchObject({ status: 421, body: { leader: to } })
  })

  it('stays when the target is silent, with the reason', async () => {
    const cluster = await prepared(3)
    cluster.start()
    const leader = await cluster.leader()
    const to = cluster.ids.find((id) => id !== leader)!
    cluster.kill(to, 'SIGKILL')
    await cluster.node(to).ended
    const refusals = new Set<unknown>()
    await until('it is known to be silent', async () => {
      const { status, body } = await admin(cluster, leader, 'transfer', { to })
      refusals.add(status)
      return /has not answered/.test(String(body.error))
    })
    expect([...refusals]).toEqual([409])
    expect((await cluster.request(leader, 'PUT', '/kv/a', 'still here')).status).toBe(200)
  })
})

describe('members', () => {
  it('are learners from the first moment on when the configuration says so, and get the log without having been added', async () => {
    const cluster = await prepared(3, { voters: 2, learners: 1 })
    cluster.start(['n3'])
    await cluster.serves('n3')
    expect(await statusOf(cluster, 'n3')).toMatchObject({ role: 'learner', voters: ['n1', 'n2'], learners: ['n3'], last: 0 })
    cluster.start(['n1', 'n2'])
    const leader = await cluster.leader()
    expect(['n1', 'n2']).toContain(leader)
    expect((await cluster.request(leader, 'PUT', '/kv/a', 'x')).status).toBe(200)
    await until('the learner has it', async () => (await cluster.request('n3', 'GET', '/kv/a?consistency=local')).body.value === 'x')
    const events = cluster.ids.flatMap((id) => cluster.node(id).reports).flatMap((report) => (report.type === 'event' ? [report.event.kind] : []))
    expect(events).toContain('role')
    expect(events).not.toContain('membership')
  })

  it('are added and removed under load: the new one gets a snapshot, the removed one disturbs nobody, no write is lost', async () => {
    const cluster = await prepared(4, { voters: 3, snapshot: { entries: 50, keptEntries: 5 } })
    cluster.start()
    const leader = await cluster.leader(['n1', 'n2', 'n3'])
    await cluster.serves('n4')
    expect(await statusOf(cluster, 'n4')).toMatchObject({ role: 'learner', voters: ['n1', 'n2', 'n3'] })
    const { state, stop } = load(cluster, leader)
    await until('the log is cut', async () => ((await statusOf(cluster, leader)).first as number) > 20)
    expect((await admin(cluster, leader, 'members', { add: 'n4' })).status).toBe(200)
    await until('n4 votes', async () => ((await statusOf(cluster, leader)).voters as string[]).includes('n4'), 30_000)
    const gone = cluster.ids.find((id) => id !== leader && id !== 'n4')!
    await until('the next change may begin', async () => (await admin(cluster, leader, 'members', { remove: gone })).status === 200)
    await until('it is gone', async () => !((await statusOf(cluster, leader)).voters as string[]).includes(gone))
    const { term } = await statusOf(cluster, leader)
    const before = state.acknowledged.size
    await until('writes go on', () => state.acknowledged.size > before + 200)
    await stop()
    const now = await statusOf(cluster, leader)
    expect([now.role, now.term]).toEqual(['leader', term])
    expect((now.voters as string[]).toSorted()).toEqual(['n1', 'n2', 'n3', 'n4'].filter((id) => id !== gone))
    expect(await lost(cluster, leader, state.acknowledged)).toEqual([])
    expect((await statusOf(cluster, 'n4')).snapshot).toBeGreaterThan(0)
  })
})

describe('a leader whose disk hangs', () => {
  it('loses leadership to one whose disk works, and follows when it comes back', async () => {
    const cluster = await prepared(3)
    cluster.start()
    const leader = await cluster.leader()
    await cluster.request(leader, 'PUT', '/kv/a', 'before')
    cluster.harm(leader, 'hang', { kind: 'disk-hang' })
    const others = cluster.ids.filter((id) => id !== leader)
    // a leader that nobody writes to has nothing to sync, and hangs unseen
    const stuck = cluster.request(leader, 'PUT', '/kv/a', 'stuck')
    let next: string | null = null
    await until('another one leads and serves', async () => {
      for (const id of others) if ((await cluster.request(id, 'PUT', '/kv/b', 'after')).status === 200) next = id
      return next !== null
    })
    expect((await statusOf(cluster, leader)).role).not.toBe('leader')
    expect([200, 504]).toContain((await stuck).status)
    cluster.harm(leader, 'hang', null)
    await until('it has what was written meanwhile', async () => {
      return (await cluster.request(leader, 'GET', '/kv/b?consistency=local')).body.value === 'after'
    })
  })
})
