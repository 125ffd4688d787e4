import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NarrowLink } from './node/narrow-link'
import { freePorts, type NodeProcesses, TOKEN, until } from './node/processes'
import { nodeSuite } from './node/suite'

const { keep, prepared } = nodeSuite()

const statusOf = async (cluster: NodeProcesses, id: string) => (await cluster.request(id, 'GET', '/status')).body

async function write(cluster: NodeProcesses, leader: string, from: number, to: number, value: (i: number) => string): Promise<void> {
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let i = from + lane; i <= to; i += 8) {
      const { status } = await cluster.request(leader, 'PUT', `/kv/k${i}`, value(i))
      if (status !== 200) throw new Error(`PUT k${i}: ${status}`)
    }
  })
  await Promise.all(lanes)
}

describe('a node with snapshots', () => {
  const snapshot = { entries: 50, keptEntries: 10, chainMax: 3 }

  it('cuts its log, and comes back from snapshot and log with every write and session', async () => {
    const cluster = await prepared(1, { snapshot })
    cluster.start()
    await cluster.leader()
    const session = (seq: number) => ({ 'faultline-client': 'c1', 'faultline-seq': String(seq) })
    const first = await cluster.request('n1', 'POST', '/kv/log/append', 'x', session(1))
    for (let round = 0; round < 4; round++) await write(cluster, 'n1', round * 60, round * 60 + 59, (i) => `value ${i}`)
    await until('the log is cut', async () => {
      const { first: firstIndex, snapshot: at } = await statusOf(cluster, 'n1')
      return (at as number) > 150 && firstIndex === (at as number) - 9
    })
    const before = await statusOf(cluster, 'n1')
    await cluster.killAll()
    cluster.start()
    await cluster.leader()
    const after = await statusOf(cluster, 'n1')
    expect(after.snapshot).toBeGreaterThanOrEqual(before.snapshot as number)
    expect(after.commit).toBeGreaterThanOrEqual(before.commit as number)
    expect(after.first).toBe((after.snapshot as number) - 9) // what is kept for stragglers is there again
    for (const i of [0, 59, 60, 239]) expect((await cluster.request('n1', 'GET', `/kv/k${i}`)).body.value).toBe(`value ${i}`)
    expect((await cluster.request('n1', 'POST', '/kv/log/append', 'x', session(1))).body).toEqual(first.body)
    expect((await cluster.request('n1', 'POST', '/kv/log/append', 'y', session(2))).body.prior).toBe('x')
  })

  it('with a damaged snapshot ends with 65 and names the file', async () => {
    const cluster = await prepared(1, { snapshot: { entries: 20 } })
    cluster.start()
    await cluster.leader()
    await write(cluster, 'n1', 1, 60, (i) => `value ${i}`)
    await until('a snapshot is there', async () => (await statusOf(cluster, 'n1')).snapshot !== 0)
    await cluster.killAll()
    const dir = join(cluster.config('n1').dir, 'snapshots')
    // all of them: one that was replaced just before the kill may still lie there, and nobody reads it
    for (const part of (await readdir(dir)).filter((name) => name.endsWith('.snap'))) {
      const bytes = await readFile(join(dir, part))
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(join(dir, part), bytes)
    }
    cluster.start()
    expect((await cluster.node('n1').ended).code).toBe(65)
    expect(cluster.node('n1').reports.at(-1)).toMatchObject({ type: 'fatal', message: expect.stringMatching(/\.snap: its checksum does not fit/) })
  })
})

describe('a follower that was down past the cut log', () => {
  it('comes back by snapshot through a narrow link though the link is cut and the follower killed meanwhile, and holds up nobody', async () => {
    const cluster = await prepared(3, { snapshot: { entries: null, keptEntries: 5 } })
    // n1 and n2 reach n3 through 400 kB/s; n3 never leads, so that the stream is always on these links
    const [port] = await freePorts(1)
    const link = keep(new NarrowLink(cluster.config('n3').peerPort, 400_000))
    await link.listen(port!)
    for (const id of ['n1', 'n2']) cluster.config(id).peers.find((peer) => peer.id === 'n3')!.port = port!
    cluster.config('n3').raft.electionTimeoutMs = [3_000, 4_000]
    cluster.start(['n1', 'n2'])
    const leader = await cluster.leader(['n1', 'n2'])
    const value = (i: number): string => `${i} `.padEnd(4_000, 'x')
    await write(cluster, leader, 1, 250, value)
    const made = await cluster.request(leader, 'POST', '/admin/snapshot', '', { authorization: `Bearer ${TOKEN}` })
    expect(made.status).toBe(200)
    await until('the log is cut', async () => ((await statusOf(cluster, leader)).first as number) > 200)
    cluster.start(['n3'])
    await until('a part of the snapshot is through', () => link.passed > 300_000)
    link.cut()
    await until('more of it is through', () => link.passed > 700_000)
    cluster.kill('n3', 'SIGKILL')
    await cluster.node('n3').ended
    cluster.start(['n3'])
    let acknowledged = 0
    await until('n3 is there', async () => {
      await write(cluster, leader, 1_000 + acknowledged, 1_000 + acknowledged, () => 'meanwhile')
      acknowledged++
      const n3 = await cluster.request('n3', 'GET', '/kv/k7?consistency=local').catch(() => null)
      return n3?.body.value === value(7)
    }, 30_000)
    const { snapshot, first, commit } = await statusOf(cluster, 'n3')
    expect(snapshot).toBeGreaterThan(100)
    expect(first).toBeGreaterThan(100)
    expect(commit).toBeGreaterThanOrEqual(snapshot as number)
    expect(acknowledged).toBeGreaterThan(5) // writes went on while the stream was on its way
    expect(link.passed).toBeLessThan(1_300_000) // a snapshot of a megabyte went on twice, it did not begin anew
    await until('n3 has the newest write', async () => {
      const { body } = await cluster.request('n3', 'GET', `/kv/k${999 + acknowledged}?consistency=local`)
      return body.value === 'meanwhile'
    })
    await cluster.killAll()
    cluster.start()
    const next = await cluster.leader()
    for (const i of [1, 125, 250]) expect((await cluster.request(next, 'GET', `/kv/k${i}`)).body.value).toBe(value(i))
  })
})
