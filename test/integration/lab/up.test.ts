import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpLine } from '../../../src-main/lab/conduct/up'
import { readState } from '../../../src-main/janitor/state'
import { Desk, isServed, kill, request, until } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

const NOTHING = { processes: [], labs: [] }

async function leaderOf(line: UpLine, among = line.nodes): Promise<UpLine['nodes'][number]> {
  let leader: UpLine['nodes'][number] | undefined
  await until('one node leads', async () => {
    const roles = await Promise.all(among.map(async (node) => ({ node, status: (await request('GET', `${node.http}/status`)).body })))
    leader = roles.filter(({ status }) => status.role === 'leader').sort((a, b) => Number(b.status.term) - Number(a.status.term))[0]?.node
    return leader !== undefined
  }, 10_000)
  return leader!
}

describe('up', () => {
  it('prints one line, serves over the proxies, and leaves nothing when it is told to end', async () => {
    const { going, line } = await desk.up('--nodes', '3')
    expect(line.nodes.map((node) => node.id)).toEqual(['n1', 'n2', 'n3'])
    expect(line.pid).toBe(going.pid)
    const leader = await leaderOf(line)
    expect(await request('PUT', `${leader.client}/kv/k`, 'v')).toMatchObject({ status: 200, body: { prior: null } })
    expect(await request('GET', `${leader.client}/kv/k`)).toMatchObject({ status: 200, body: { value: 'v' } })
    const proxies = (await request('GET', `${line.toxiproxy}/proxies`)).body
    expect(Object.keys(proxies).sort()).toEqual(['client-n1', 'client-n2', 'client-n3', 'n1-n2', 'n1-n3', 'n2-n1', 'n2-n3', 'n3-n1', 'n3-n2'])
    expect(existsSync(join(line.data, 'n1'))).toBe(true)

    going.child.kill('SIGINT')
    going.child.kill('SIGINT') // a terminal's Ctrl-C arrives twice
    const ended = await going.ended
    expect(ended.code).toBe(0)
    expect(ended.stdout.trim().split('\n')).toHaveLength(1)
    expect(desk.leftovers()).toEqual(NOTHING)
    for (const url of [leader.http, leader.client, line.toxiproxy!, line.admin]) expect(await isServed(url)).toBe(false)
  })

  it('lets a killed node stay dead until it is started again, with its data', async () => {
    const { line } = await desk.up('--nodes', '3')
    const leader = await leaderOf(line)
    await request('PUT', `${leader.client}/kv/k`, 'kept')
    kill(leader.pid, 'SIGKILL')
    const others = line.nodes.filter((node) => node !== leader)
    const next = await leaderOf(line, others)
    expect((await request('GET', `${next.client}/kv/k`)).body.value).toBe('kept')
    expect(await isServed(leader.http)).toBe(false)

    const start = `${line.admin}/nodes/${leader.id}/start`
    expect((await request('POST', start)).status).toBe(401)
    const headers = { authorization: `Bearer ${line.token}` }
    expect((await request('POST', `${line.admin}/nodes/n9/start`, undefined, headers)).status).toBe(404)
    expect((await request('POST', start, undefined, headers)).status).toBe(200)
    expect((await request('POST', start, undefined, headers)).status).toBe(409)
    await until('it caught up', async () => (await request('GET', `${leader.http}/kv/k?consistency=local`)).body.value === 'kept', 5_000)
  })

  it('works without Toxiproxy, and keeps the data where it is told', async () => {
    const kept = join(desk.dir, 'kept')
    const { going, line } = await desk.up('--nodes', '1', '--direct', '--keep', kept)
    expect(line.toxiproxy).toBeNull()
    expect(line.nodes[0]!.client).toBe(line.nodes[0]!.http)
    expect((await request('PUT', `${line.nodes[0]!.http}/kv/k`, 'v')).status).toBe(200)
    going.child.kill('SIGTERM')
    expect((await going.ended).code).toBe(0)
    expect(existsSync(join(kept, 'n1'))).toBe(true)
    const again = await desk.up('--nodes', '1', '--direct', '--keep', kept)
    expect((await request('GET', `${again.line.nodes[0]!.http}/kv/k`)).body.value).toBe('v')
  })

  it('goes on with another Toxiproxy on the same ports when one dies or hangs, and says so', async () => {
    const { going, line } = await desk.up('--nodes', '1')
    const { client } = line.nodes[0]!
    expect((await request('PUT', `${client}/kv/k`, 'kept')).status).toBe(200)
    for (const [signal, says] of [['SIGKILL', 'ended by itself'], ['SIGSTOP', 'took longer than 2 s']] as const) {
      const [pid] = desk.byEntry('toxiproxy-server')
      kill(pid!, signal)
      await until('another one is told of', () => going.stderr().includes(says), 10_000)
      expect(desk.byEntry('toxiproxy-server')).not.toContain(pid)
      expect((await request('GET', `${client}/kv/k`)).body.value).toBe('kept')
    }
    expect(going.stdout().trim().split('\n')).toHaveLength(1)
    going.child.kill('SIGINT')
    expect((await going.ended).code).toBe(0)
    expect(desk.leftovers()).toEqual({ processes: [], labs: [] })
  })

  it('is cleaned up within 5 s when its engine is killed, stopped nodes too', async () => {
    const { going, line } = await desk.up('--nodes', '3')
    kill(line.nodes[0]!.pid, 'SIGSTOP')
    await until('the node is stopped', () => readState(line.nodes[0]!.pid)?.letter === 'T', 2_000)
    expect(desk.processes().length).toBeGreaterThan(5)
    going.child.kill('SIGKILL')
    await until('nothing is left', () => desk.processes().length === 0 && desk.labFolders().length === 0, 5_000)
    for (const url of [line.nodes[1]!.http, line.toxiproxy!]) expect(await isServed(url)).toBe(false)
  })

  it('survives the death of its janitor, and is still cleaned up after its own', async () => {
    const { going, line } = await desk.up('--nodes', '1')
    const [janitor] = desk.byEntry('janitor.js')
    kill(janitor!, 'SIGKILL')
    await until('another janitor watches', () => desk.byEntry('janitor.js').some((pid) => pid !== janitor), 5_000)
    expect(await isServed(line.nodes[0]!.http)).toBe(true)
    going.child.kill('SIGKILL')
    await until('nothing is left', () => desk.processes().length === 0 && desk.labFolders().length === 0, 5_000)
  })

  it('killed together with its janitor, is cleaned up by `clean`; a lab in use is not touched', async () => {
    const dead = await desk.up('--nodes', '1')
    const [janitor] = desk.byEntry('janitor.js')
    kill(dead.line.nodes[0]!.pid, 'SIGSTOP') // or it would notice by itself
    kill(janitor!, 'SIGSTOP')
    kill(dead.going.pid, 'SIGKILL')
    kill(janitor!, 'SIGKILL')
    await dead.going.ended
    const living = desk.start(['up', '--nodes', '1', '--direct'], { FAULTLINE_DATA: `${desk.data}-other` })
    await until('the second lab is ready', () => living.stdout().includes('\n'), 40_000)
    expect(desk.processes().length).toBeGreaterThan(0)

    const cleaned = await desk.run('clean', '--json')
    expect(cleaned.code).toBe(0)
    const { undone, failed } = JSON.parse(cleaned.stdout) as { undone: { kind: string; what: string }[]; failed: unknown[] }
    expect(failed).toEqual([])
    expect(undone.map(({ kind }) => kind)).toContain('process')
    expect(desk.leftovers()).toEqual(NOTHING)
    const line = JSON.parse(living.stdout()) as UpLine
    expect(await isServed(line.nodes[0]!.http)).toBe(true)
    living.child.kill('SIGTERM')
    expect((await living.ended).code).toBe(0)
  })

  it('refuses what makes no sense', async () => {
    for (const words of [['--nodes', '0'], ['--nodes', 'five'], ['--nodse', '3'], ['extra']]) {
      const ended = await desk.run('up', ...words)
      expect({ words, code: ended.code, stdout: ended.stdout }).toEqual({ words, code: 2, stdout: '' })
      expect(ended.stderr).not.toBe('')
    }
  })
})
