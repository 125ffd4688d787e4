import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NodeConfig } from '../../src-main/node/child'
import { encodeCommand } from '../../src-main/node/state/command'
import { encodeBatch, encodeFileHeader } from '../../src-main/node/storage/record'
import type { Entry } from '../../src-main/raft/types'
import { type NodeProcesses, until } from './node/processes'
import { nodeSuite } from './node/suite'

const { prepared, started } = nodeSuite()

describe('a log', () => {
  const logPath = (cluster: NodeProcesses) => join(cluster.config('n1').dir, 'wal-00000001.log')

  it('is replayed behind a /healthz that says 503, and a face that answers nothing else', async () => {
    const cluster = await prepared(1)
    await mkdir(cluster.config('n1').dir)
    await writeFile(logPath(cluster), longLog(300_000))
    cluster.start()
    const seen: number[] = []
    await until('the node is healthy', async () => {
      const [health, get, put] = await Promise.all([
        cluster.request('n1', 'GET', '/healthz').catch(() => null),
        cluster.request('n1', 'GET', '/kv/a?consistency=local').catch(() => null),
        cluster.request('n1', 'PUT', '/kv/a', 'x').catch(() => null),
      ])
      if (health?.status === 503) expect([get?.status, put?.status]).not.toContain(200)
      if (health !== null && health.status !== seen.at(-1)) seen.push(health.status)
      return health?.status === 200
    })
    expect(seen).toEqual([503, 200])
    await cluster.leader()
    expect((await cluster.request('n1', 'GET', '/status')).body.commit).toBeGreaterThan(300_000)
  })

  it('that can\'t be written ends the node with 74 at once, and what was acknowledged is there afterwards', async () => {
    const cluster = await prepared(1)
    cluster.start(['n1'], 64)
    await cluster.leader()
    let acknowledged = 0
    await until('a write meets the end of the disk', async () => {
      const answer = await cluster.request('n1', 'POST', '/kv/a/append', 'x'.repeat(1_000)).catch(() => null)
      if (answer?.status === 200) acknowledged++
      return answer === null
    })
    expect(await cluster.node('n1').ended).toEqual({ code: 74, signal: null })
    const message: unknown = expect.stringMatching(/wal-00000001.log: writing batch \d+ at offset \d+ failed: .*EFBIG/)
    expect(cluster.node('n1').reports.at(-1)).toMatchObject({ type: 'fatal', message })
    cluster.start()
    await cluster.leader()
    expect(acknowledged).toBeGreaterThan(10)
    const { length } = (await cluster.request('n1', 'GET', '/kv/a')).body.value as string
    expect(length).toBeGreaterThanOrEqual(acknowledged * 1_000)
  })

  it('damaged in the middle ends the node with 65, naming file and offset', async () => {
    const cluster = await started(1)
    await cluster.leader()
    for (let i = 0; i < 5; i++) await cluster.request('n1', 'PUT', '/kv/a', `value ${i}`)
    await cluster.killAll()
    const bytes = await readFile(logPath(cluster))
    const at = bytes.indexOf('value 1')
    bytes[at] = bytes[at]! ^ 1
    await writeFile(logPath(cluster), bytes)
    cluster.start()
    expect((await cluster.node('n1').ended).code).toBe(65)
    const message: unknown = expect.stringMatching(/wal-00000001.log: damaged record.* at offset \d+/)
    expect(cluster.node('n1').reports.at(-1)).toMatchObject({ type: 'fatal', message })
  })

  it('with a torn tail is cut, which is reported, and the node goes on', async () => {
    const cluster = await started(1)
    await cluster.leader()
    await cluster.request('n1', 'PUT', '/kv/a', 'kept')
    await cluster.killAll()
    await writeFile(logPath(cluster), Buffer.alloc(77, 'torn'), { flag: 'a' })
    cluster.start()
    await cluster.leader()
    expect((await cluster.request('n1', 'GET', '/kv/a')).body.value).toBe('kept')
    expect(cluster.node('n1').reports).toContainEqual({
      type: 'event',
      event: expect.objectContaining({ kind: 'note', level: 'warning', text: expect.stringMatching(/\d+ bytes that were never synced/) }),
    })
  })
})

describe('all nodes killed at once under load, with a disk that loses what was not synced', () => {
  const lossy = { losesUnsynced: true } satisfies NodeConfig['test']
  const fsyncsTake = (delayMs: number): NodeConfig['harms'] => ({ slow: { kind: 'fsync-slow', delayMs, growMsPerS: 0 } })
  const slow = (cluster: NodeProcesses): void => {
    for (const id of cluster.ids) cluster.config(id).harms = fsyncsTake(30)
  }

  it('and restarted, miss no acknowledged write', async () => {
    for (let round = 0; round < 2; round++) expect(await lostAfterKill(lossy, { setUp: slow })).toEqual([])
  })

  it('and restarted without the leader, miss none either, though its disk was the fastest: followers promise nothing early', async () => {
    const raft = { heartbeatMs: 50, preVote: true, checkQuorum: true, reads: 'linearizable', requestTimeoutMs: 2_000 } as const
    const setUp = (cluster: NodeProcesses): void => {
      // n1 leads, since the others would wait much longer; their disks are far behind its own
      Object.assign(cluster.config('n1'), { test: lossy, raft: { ...raft, electionTimeoutMs: [450, 450] } })
      for (const id of ['n2', 'n3']) {
        Object.assign(cluster.config(id), { test: lossy, harms: fsyncsTake(150), raft: { ...raft, electionTimeoutMs: [4_000, 5_000] } })
      }
    }
    const setUpAgain = (cluster: NodeProcesses): void => {
      for (const id of ['n2', 'n3']) Object.assign(cluster.config(id), { test: undefined, harms: undefined, raft: { ...raft, electionTimeoutMs: [150, 300] } })
    }
    expect(await lostAfterKill({}, { setUp, setUpAgain, restarted: ['n2', 'n3'] })).toEqual([])
  })

  it('are seen losing writes when the fsync is left out', async () => {
    expect((await lostAfterKill({ ...lossy, skipFsync: true }, { setUp: slow })).length).toBeGreaterThan(0)
  })

  it('are seen losing writes when they answer before the fsync', async () => {
    let lost = 0
    for (let round = 0; round < 5 && lost === 0; round++) lost = (await lostAfterKill({ ...lossy, answerBeforeFsync: true }, { setUp: slow })).length
    expect(lost).toBeGreaterThan(0)
  })
})

interface Kill {
  setUp?: (cluster: NodeProcesses) => void
  setUpAgain?: (cluster: NodeProcesses) => void
  /** who comes back; all without it */
  restarted?: string[]
}

/** @returns keys of acknowledged writes that are missing or wrong after the restart */
async function lostAfterKill(test: NodeConfig['test'], { setUp, setUpAgain, restarted }: Kill = {}): Promise<string[]> {
  const cluster = await prepared(3, { test })
  setUp?.(cluster)
  cluster.start()
  const leader = await cluster.leader()
  const acknowledged = new Map<string, string>()
  const load = { isOver: false }
  const client = async (name: number): Promise<void> => {
    for (let i = 0; !load.isOver; i++) {
      const [key, value] = [`c${name}-${i}`, createHash('sha256').update(`${name} ${i}`).digest('hex')]
      const answer = await cluster.request(leader, 'PUT', `/kv/${key}`, value).catch(() => null)
      if (answer?.status === 200) acknowledged.set(key, value)
    }
  }
  const clients = Promise.all(Array.from({ length: 8 }, (_, name) => client(name)))
  await until('fifty writes are acknowledged', () => acknowledged.size >= 50)
  await cluster.killAll()
  load.isOver = true
  await clients
  setUpAgain?.(cluster)
  cluster.start(restarted)
  const next = await cluster.leader(restarted)
  const lost: string[] = []
  for (const [key, value] of acknowledged) {
    if ((await cluster.request(next, 'GET', `/kv/${key}`)).body.value !== value) lost.push(key)
  }
  return lost
}

/** a log of that many puts, in batches of a thousand */
function longLog(entries: number): Buffer {
  const data = encodeCommand({ op: 'put', key: 'k', value: Buffer.from('some value'), expect: null, session: null })
  const parts = [encodeFileHeader({ segment: 1, salt: 1, previousBatches: 0, previousIndex: 0, previousTerm: 0 })]
  for (let first = 1, batch = 1; first <= entries; first += 1_000, batch++) {
    const some = Array.from({ length: 1_000 }, (_, i): Entry => ({ index: first + i, term: 1, type: 'command', data }))
    parts.push(encodeBatch({ term: 1, vote: 'n1' }, some, batch, 1)!)
  }
  return Buffer.concat(parts)
}
