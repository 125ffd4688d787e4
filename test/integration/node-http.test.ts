import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcesses, TOKEN, type Answer, until } from './node/processes'
import { nodeSuite } from './node/suite'

const { lasting, started } = nodeSuite()

describe('the largest key and value there may be', () => {
  it('are taken by three nodes, and a byte more of either is refused by name', async () => {
    const cluster = await started(3)
    const leader = await cluster.leader()
    const [key, value] = ['k'.repeat(512), Buffer.alloc(1024 * 1024, 'v')]
    expect((await cluster.request(leader, 'PUT', `/kv/${key}`, value)).status).toBe(200)
    const tooLong = await cluster.request(leader, 'PUT', `/kv/${key}k`, value)
    expect([tooLong.status, tooLong.body.error]).toEqual([400, expect.stringContaining('512')])
    const tooBig = await cluster.request(leader, 'PUT', `/kv/${key}`, Buffer.concat([value, Buffer.from('v')]))
    expect([tooBig.status, tooBig.body.error]).toEqual([413, expect.stringContaining('1048576 bytes')])
    for (const id of cluster.ids) {
      await until(`${id} has it`, async () => (await cluster.request(id, 'GET', `/kv/${key}?consistency=local`)).body.value === value.toString())
    }
  })
})

describe('the HTTP face', () => {
  let cluster: NodeProcesses
  beforeAll(async () => {
    cluster = await lasting(1)
    cluster.start()
    await cluster.leader()
  })
  afterAll(() => cluster.close())
  const ask = (method: string, path: string, body?: string | Buffer, headers?: Record<string, string>): Promise<Answer> =>
    cluster.request('n1', method, path, body, headers)

  it('round-trips every value that is UTF-8, and says what was there before', async () => {
    const values = ['', '\u0000', '\ufeffbom', '"\\\b\n', '漢字 \u{1f980}', '\u2028\u2029', 'e\u0301', '\uffff']
    let prior: string | null = null
    for (const value of values) {
      expect((await ask('PUT', '/kv/utf8', value)).body.prior).toBe(prior)
      expect((await ask('GET', '/kv/utf8')).body.value).toBe(value)
      prior = value
    }
    expect((await ask('DELETE', '/kv/utf8')).body.prior).toBe(prior)
    expect(await ask('GET', '/kv/utf8')).toMatchObject({ status: 404, body: { value: null } })
    expect((await ask('DELETE', '/kv/utf8')).body.prior).toBeNull()
  })

  it('takes keys of 1 to 512 bytes of UTF-8, percent-encoded', async () => {
    const long = encodeURIComponent('漢'.repeat(170) + 'ab') // 512 bytes
    expect((await ask('PUT', `/kv/${long}`, 'x')).status).toBe(200)
    expect((await ask('GET', '/kv/%00')).status).toBe(404)
    for (const key of ['', `${long}c`, '%', '%zz', '%ff', '%c3%28', '%ed%a0%80']) {
      expect((await ask('PUT', `/kv/${key}`, 'x')).status, key).toBe(400)
    }
  })

  it('appends and swaps', async () => {
    expect((await ask('POST', '/kv/s/append', 'a')).body.prior).toBeNull()
    expect((await ask('POST', '/kv/s/append', 'b')).body.prior).toBe('a')
    const cas = (expect: string | null, value: string) => ask('POST', '/kv/s/cas', JSON.stringify({ expect, value }))
    expect((await cas(null, 'c')).body).toMatchObject({ swapped: false, prior: 'ab' })
    expect((await cas('ab', 'c')).body).toMatchObject({ swapped: true, prior: 'ab' })
    expect((await ask('GET', '/kv/s')).body.value).toBe('c')
  })

  it.each([
    ['a value that is no UTF-8', 'PUT', '/kv/a', Buffer.from([0xc3, 0x28]), {}],
    ['a cas that is no JSON', 'POST', '/kv/a/cas', '{', {}],
    ['a cas without expect', 'POST', '/kv/a/cas', '{"value":"x"}', {}],
    ['a cas with an unknown field', 'POST', '/kv/a/cas', '{"expect":null,"value":"x","ttl":1}', {}],
    ['a cas with a lone surrogate', 'POST', '/kv/a/cas', '{"expect":null,"value":"\\ud800"}', {}],
    ['an unknown consistency', 'GET', '/kv/a?consistency=eventual', undefined, {}],
    ['a client without a sequence', 'PUT', '/kv/a', 'x', { 'faultline-client': 'c' }],
    ['a sequence without a client', 'PUT', '/kv/a', 'x', { 'faultline-seq': '1' }],
    ['a sequence of 0', 'PUT', '/kv/a', 'x', { 'faultline-client': 'c', 'faultline-seq': '0' }],
    ['a sequence that is no integer', 'PUT', '/kv/a', 'x', { 'faultline-client': 'c', 'faultline-seq': '1.5' }],
  ])('400: %s', async (_name, method, path, body, headers) => {
    const answer = await ask(method, path, body, headers as Record<string, string>)
    expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } })
  })

  it('404 for unknown paths, 405 with what is allowed for other methods', async () => {
    for (const path of ['/', '/kv', '/kv/a/b', '/kv/a/append/c', '/statusx', '/kv/a/cas/']) expect((await ask('GET', path)).status, path).toBe(404)
    for (const [method, path, allow] of [
      ['POST', '/kv/a', 'GET, PUT, DELETE'],
      ['GET', '/kv/a/append', 'POST'],
      ['PUT', '/kv/a/cas', 'POST'],
      ['POST', '/status', 'GET'],
      ['PUT', '/healthz', 'GET'],
      ['DELETE', '/metrics', 'GET'],
    ] as const) {
      expect(await ask(method, path), path).toMatchObject({ status: 405, headers: { allow } })
    }
  })

  it('413 over 1 MiB after the body was read, and for an append that would pass it', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x')
    expect((await ask('PUT', '/kv/big', mebibyte)).status).toBe(200)
    expect((await ask('PUT', '/kv/big', Buffer.concat([mebibyte, Buffer.from('y')]))).status).toBe(413)
    expect((await ask('PUT', '/kv/big', Buffer.alloc(15 * 1024 * 1024, 'x'))).status).toBe(413)
    expect((await ask('POST', '/kv/big/append', 'y')).status).toBe(413)
    expect((await ask('POST', '/kv/big/cas', JSON.stringify({ expect: null, value: 'x'.repeat(1024 * 1024 + 1) }))).status).toBe(413)
    expect((await ask('GET', '/kv/big')).body.value).toHaveLength(1024 * 1024)
  })

  it('413 and a closed connection for a body without end', async () => {
    const socket = connect(cluster.config('n1').httpPort, '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined))
    socket.write('PUT /kv/a HTTP/1.1\r\nhost: n\r\ncontent-length: 999999999\r\n\r\n')
    for (let i = 0; i < 20 && !socket.destroyed; i++) socket.write(Buffer.alloc(1024 * 1024, 'x'))
    await closed
    expect(text).toMatch(/^HTTP\/1.1 413 /)
  })

  it('401 under /admin without the token; with it answers with reasons', async () => {
    for (const path of ['/admin', '/admin/transfer', '/admin/members']) {
      expect((await ask('POST', path)).status).toBe(401)
      expect((await ask('POST', path, '', { authorization: 'Bearer wrong' })).status).toBe(401)
    }
    const admin = async (path: string, body: string, method = 'POST') => {
      const answer = await ask(method, `/admin/${path}`, body, { authorization: `Bearer ${TOKEN}` })
      return [answer.status, answer.body.error]
    }
    expect(await admin('nothing', '')).toEqual([404, expect.stringContaining('transfer, snapshot, members')])
    expect(await admin('snapshot', '', 'GET')).toEqual([405, expect.stringContaining('POST')])
    expect(await admin('transfer', '[]')).toEqual([400, 'the body is no JSON object'])
    expect(await admin('transfer', '{"from":"n1"}')).toEqual([400, 'a transfer has {"to": id}'])
    expect(await admin('transfer', '{"to":"n1"}')).toEqual([409, 'n1 leads already'])
    expect(await admin('transfer', '{"to":"n7"}')).toEqual([409, 'n7 is no voter'])
    expect(await admin('members', '{"add":"n2","remove":"n3"}')).toEqual([400, expect.stringContaining('"add"')])
    expect(await admin('members', '{"add":"n7"}')).toEqual([409, expect.stringContaining('n7 has no address here')])
    expect(await admin('members', '{"remove":"n7"}')).toEqual([409, 'n7 is no member'])
    expect(await admin('members', '{"remove":"n1"}')).toEqual([409, 'n1 is the last voter'])
  })

  it('makes a snapshot when it is asked for one', async () => {
    await ask('PUT', '/kv/snapped', 'x')
    const post = async () => (await ask('POST', '/admin/snapshot', '', { authorization: `Bearer ${TOKEN}` })).body
    const { snapshot } = await post()
    expect(snapshot).toBeGreaterThan(0)
    expect((await ask('GET', '/status')).body.snapshot).toBe(snapshot)
    expect(await post()).toEqual({ snapshot, new: false, kind: null })
  })

  it('serves lease reads, and says of local ones how old they may be', async () => {
    await ask('PUT', '/kv/leased', 'x')
    expect(await ask('GET', '/kv/leased?consistency=lease')).toMatchObject({ status: 200, body: { value: 'x' } })
    expect(typeof (await ask('GET', '/kv/leased?consistency=local')).body.staleness_ms).toBe('number')
  })

  it('exactly once: the last sequence again is answered from memory, lower and unknown ones get 409', async () => {
    const write = (client: string, seq: number, body: string) =>
      ask('POST', '/kv/once/append', body, { 'faultline-client': client, 'faultline-seq': String(seq) })
    const first = await write('c', 1, 'a')
    expect((await write('c', 1, 'a')).body).toEqual(first.body)
    await write('c', 4, 'b')
    expect(await write('c', 3, 'never')).toMatchObject({ status: 409, body: { error: 'old sequence' } })
    expect(await write('d', 2, 'never')).toMatchObject({ status: 409, body: { error: 'session expired' } })
    expect((await ask('GET', '/kv/once')).body.value).toBe('ab')
  })

  it('counts what it did for Prometheus', async () => {
    await ask('PUT', '/kv/a', 'x')
    const { text, headers } = await ask('GET', '/metrics')
    expect(headers['content-type']).toContain('text/plain')
    for (const line of [/^http_request_duration_seconds_bucket\{le="0.0005",op="put",outcome="ok"\} \d+$/m, /^raft_is_leader 1$/m, /^raft_term [1-9]/m,
      /^raft_elections_total [1-9]/m, /^raft_commit_index [1-9]/m, /^queue_size\{queue="writes"\} 0$/m, /^queue_size\{queue="wal"\} 0$/m, /^wal_fsync_duration_seconds_count [1-9]/m,
      /^process_cpu_seconds_total 0\.\d+$|^process_cpu_seconds_total [1-9]/m]) {
      expect(text).toMatch(line)
    }
    expect(text).toContain('le="16.384"')
  })
})
