import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { until } from './node/processes'
import { nodeSuite } from './node/suite'

const { prepared, started } = nodeSuite()

describe('three nodes', () => {
  it('write, read, and name the leader where they are not', async () => {
    const cluster = await started(3)
    const leader = await cluster.leader()
    const follower = cluster.ids.find((id) => id !== leader)!
    const term = (await cluster.request(leader, 'GET', '/status')).body.term as number
    const put = await cluster.request(leader, 'PUT', '/kv/a%2Fb', 'one')
    expect(put).toMatchObject({ status: 200, body: { term, prior: null } })
    expect(await cluster.request(leader, 'PUT', '/kv/a%2Fb', 'two')).toMatchObject({ status: 200, body: { prior: 'one' } })
    expect((await cluster.request(leader, 'GET', '/kv/a%2Fb')).body.value).toBe('two')
    for (const request of ['GET /kv/x', 'PUT /kv/x', 'DELETE /kv/x', 'POST /kv/x/append']) {
      const [method, path] = request.split(' ') as [string, string]
      expect(await cluster.request(follower, method, path)).toMatchObject({ status: 421, body: { leader, term } })
    }
    await until('the follower has applied the write', async () => {
      const local = await cluster.request(follower, 'GET', '/kv/a%2Fb?consistency=local')
      return local.body.value === 'two' && typeof local.body.staleness_ms === 'number'
    })
    const status = (await cluster.request(leader, 'GET', '/status')).body
    expect(status).toMatchObject({ id: leader, role: 'leader', voters: ['n1', 'n2', 'n3'], learners: [], first: 1, snapshot: 0 })
    expect(status.last).toBe((put.body.index as number) + 1)
    await until('every link of the leader has a round trip', async () => {
      const { body } = await cluster.request(leader, 'GET', '/status')
      const peers = Object.values(body.peers as Record<string, { lag: number; rtt_ms: number; connected: boolean }>)
      return peers.length === 2 && peers.every(({ lag, rtt_ms, connected }) => lag === 0 && rtt_ms > 0 && connected)
    })
  })

  it('report being ready, their roles, quorum echoes and samples on the run\'s clock', async () => {
    const cluster = await started(3)
    const leader = await cluster.leader()
    const { reports, child } = cluster.node(leader)
    await until('a sample of a leader', () => reports.some((report) => report.type === 'sample' && report.sample.role === 'leader'))
    const [first] = reports
    expect(first).toMatchObject({ type: 'ready', pid: child.pid })
    expect(reports).toContainEqual({ type: 'event', event: expect.objectContaining({ kind: 'campaign', node: leader, pre: true }) })
    expect(reports).toContainEqual({ type: 'event', event: expect.objectContaining({ kind: 'role', node: leader, role: 'leader', leader }) })
    const acks = reports.flatMap((report) => (report.type === 'ack' ? [report.ack] : []))
    const now = Number(process.hrtime.bigint() - BigInt(cluster.config(leader).originNs))
    expect(acks.length).toBeGreaterThan(0)
    for (const { sentNs, atNs } of acks) expect(0 < sentNs && sentNs <= atNs && atNs <= now && Number.isInteger(sentNs)).toBe(true)
  })

  it('go on after their leader was killed, and take it back', async () => {
    const cluster = await started(3)
    const leader = await cluster.leader()
    const session = (seq: number) => ({ 'faultline-client': 'c1', 'faultline-seq': String(seq) })
    const first = await cluster.request(leader, 'POST', '/kv/log/append', 'x', session(1))
    expect(first.status).toBe(200)
    cluster.kill(leader, 'SIGKILL')
    const survivors = cluster.ids.filter((id) => id !== leader)
    const next = await cluster.leader(survivors)
    expect((await cluster.request(next, 'POST', '/kv/log/append', 'x', session(1))).body).toEqual(first.body) // sent again: not done again
    expect((await cluster.request(next, 'POST', '/kv/log/append', 'y', session(2))).body.prior).toBe('x')
    cluster.start([leader])
    await until('the killed node caught up', async () => {
      const local = await cluster.request(leader, 'GET', '/kv/log?consistency=local').catch(() => null)
      return local?.body.value === 'xy'
    })
  })
})

describe('a leader without its quorum', () => {
  it('acknowledges nothing: writes end in 504 or 421, reads in 503 or 421; and serves again after', async () => {
    const cluster = await started(3, { requestTimeoutMs: 600 })
    const leader = await cluster.leader()
    const others = cluster.ids.filter((id) => id !== leader)
    for (const id of others) cluster.kill(id, 'SIGSTOP')
    const answers = await Promise.all([cluster.request(leader, 'PUT', '/kv/a', 'lost'), cluster.request(leader, 'GET', '/kv/a')])
    expect([504, 421]).toContain(answers[0].status)
    expect([503, 421]).toContain(answers[1].status)
    await until('it steps down', async () => (await cluster.request(leader, 'GET', '/status')).body.role !== 'leader')
    expect(await cluster.request(leader, 'PUT', '/kv/a', 'lost')).toMatchObject({ status: 421, body: { leader: null } })
    expect(cluster.node(leader).reports).toContainEqual({ type: 'event', event: expect.objectContaining({ kind: 'quorum-lost' }) })
    for (const id of others) cluster.kill(id, 'SIGCONT')
    const next = await cluster.leader()
    expect((await cluster.request(next, 'PUT', '/kv/a', 'kept')).status).toBe(200)
  })

  it('that slept through its successor\'s election serves no old value when it wakes', async () => {
    const cluster = await started(3, { requestTimeoutMs: 5_000 })
    const old = await cluster.leader()
    await cluster.request(old, 'PUT', '/kv/a', 'old')
    cluster.kill(old, 'SIGSTOP')
    const asked = cluster.request(old, 'GET', '/kv/a') // waits in its socket, and is the first thing it reads
    const next = await cluster.leader(cluster.ids.filter((id) => id !== old))
    await cluster.request(next, 'PUT', '/kv/a', 'new')
    cluster.kill(old, 'SIGCONT')
    expect((await asked).body.value).not.toBe('old')
    expect([421, 503]).toContain((await asked).status)
  })

  it('told to stop answers 504 to what it appended, 503 to what it did not, and ends with 0', async () => {
    const cluster = await started(3, { requestTimeoutMs: 60_000 })
    const leader = await cluster.leader()
    for (const id of cluster.ids) if (id !== leader) cluster.kill(id, 'SIGSTOP')
    const late = connect(cluster.config(leader).httpPort, '127.0.0.1')
    let lateText = ''
    late.setEncoding('utf8').on('data', (chunk: string) => (lateText += chunk))
    late.write('PUT /kv/b HTTP/1.1\r\nhost: n\r\ncontent-length: 2\r\n\r\nx')
    const before = (await cluster.request(leader, 'GET', '/status')).body.last as number
    const appended = cluster.request(leader, 'PUT', '/kv/a', 'x')
    await until('the write is appended', async () => ((await cluster.request(leader, 'GET', '/status')).body.last as number) > before)
    cluster.node(leader).child.send({ type: 'stop' })
    expect((await appended).status).toBe(504)
    late.write('y')
    await until('the late write is answered', () => lateText.includes('\r\n\r\n{'))
    expect(lateText).toMatch(/^HTTP\/1.1 503 /)
    expect(await cluster.node(leader).ended).toEqual({ code: 0, signal: null })
  })
})

describe('a process', () => {
  it('ends with its engine', async () => {
    const cluster = await started(1)
    await cluster.leader()
    cluster.node('n1').child.disconnect()
    expect(await cluster.node('n1').ended).toEqual({ code: 0, signal: null })
  })

  it('with a taken port says which and ends with 69', async () => {
    const cluster = await started(1)
    await cluster.leader()
    const second = await prepared(1)
    second.config('n1').httpPort = cluster.config('n1').httpPort
    second.start()
    expect((await second.node('n1').ended).code).toBe(69)
    expect(second.node('n1').reports.at(-1)).toMatchObject({ type: 'fatal', message: expect.stringContaining(`${cluster.config('n1').httpPort}`) })
  })

  it('with a configuration that can\'t be ends with 78', async () => {
    const cluster = await prepared(1)
    cluster.config('n1').voters = ['n2']
    cluster.start()
    expect((await cluster.node('n1').ended).code).toBe(78)
  })
})
