/** A cluster whose members are not alike, as a plan says it and the built command line brings it up. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { UpLine } from '../../../src-main/lab/conduct/up'
import { Desk, request, until } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

const PLAN = `
faultline: 1
title: Members that are not alike
cluster:
  nodes: [{ id: a, priority: 10 }, { id: b }, { id: c }, { id: d, learner: true }]
  raft:
    heartbeat: 30ms
    reads: lease
    timers: { adaptive: { floor: 100ms, ceiling: 2s } }
    snapshot: { entries: 20, keep: 5 }
expect: [{ metric: lost_writes, is: "== 0" }]
`

const statusOf = async (node: UpLine['nodes'][number]) => (await request('GET', `${node.http}/status`)).body
const named = (line: UpLine, id: string) => line.nodes.find((node) => node.id === id)!

async function leaderOf(line: UpLine): Promise<UpLine['nodes'][number]> {
  let leader: UpLine['nodes'][number] | undefined
  await until('all agree on one leader', async () => {
    const leaders = new Set((await Promise.all(line.nodes.map(statusOf))).map((status) => status.leader))
    leader = line.nodes.find(({ id }) => leaders.size === 1 && leaders.has(id))
    return leader !== undefined
  }, 10_000)
  return leader!
}

it('votes, learners, timers and snapshots are as the plan says, and leadership moves where it is told to', async () => {
  const { going, line } = await desk.up('--plan', desk.file('members.yaml', PLAN))
  for (const node of line.nodes) {
    expect(await statusOf(node)).toMatchObject({ voters: ['a', 'b', 'c'], learners: ['d'] })
  }
  expect((await statusOf(named(line, 'd'))).role).toBe('learner')

  // an office held by the one of low priority is yielded to another
  await until('one of the preferred leads', async () => ['b', 'c'].includes((await leaderOf(line)).id), 15_000)

  const leader = await leaderOf(line)
  const to = leader.id === 'b' ? 'c' : 'b'
  const headers = { authorization: `Bearer ${line.token}` }
  expect((await request('POST', `${leader.http}/admin/transfer`, JSON.stringify({ to: 'd' }), headers)).status).toBe(409)
  expect(await request('POST', `${leader.http}/admin/transfer`, JSON.stringify({ to }), headers)).toMatchObject({ status: 200, body: { leader: to } })
  expect((await leaderOf(line)).id).toBe(to)

  const next = named(line, to)
  for (let i = 0; i < 25; i++) {
    let status = 0
    await until(`write ${i} is done`, async () => (status = (await request('PUT', `${next.client}/kv/k${i}`, 'v')).status) === 200, 5_000)
    expect(status).toBe(200)
  }
  expect(await request('GET', `${next.client}/kv/k24`)).toMatchObject({ status: 200, body: { value: 'v' } })
  await until('the learner has what was written', async () => (await request('GET', `${named(line, 'd').http}/kv/k24?consistency=local`)).body.value === 'v', 5_000)
  await until('the learner made a snapshot', async () => Number((await statusOf(named(line, 'd'))).snapshot) >= 20, 5_000)

  going.child.kill('SIGTERM')
  expect((await going.ended).code).toBe(0)
  expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
})

it('a learner comes back as one, and what a plan got wrong is refused before anything starts', async () => {
  const { line } = await desk.up('--plan', desk.file('members.yaml', PLAN))
  const d = named(line, 'd')
  process.kill(d.pid, 'SIGKILL')
  const headers = { authorization: `Bearer ${line.token}` }
  await until('it can be started again', async () => (await request('POST', `${line.admin}/nodes/d/start`, undefined, headers)).status === 200, 5_000)
  await until('it follows as a learner', async () => {
    const { role, leader } = await statusOf(d)
    return role === 'learner' && leader !== null
  }, 5_000)

  const bad = await desk.run('up', '--plan', desk.file('bad.yaml', PLAN.replace('floor: 100ms', 'flor: 100ms')))
  expect({ code: bad.code, stdout: bad.stdout }).toEqual({ code: 2, stdout: '' })
  expect(bad.stderr).toMatch(/bad\.yaml:9:27:.*unknown key "flor".*floor/)
})
