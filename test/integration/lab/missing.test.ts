/** What a lab needs and does not find: a clear message, the remedy, exit 3, nothing left. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../../src-main/lab/launch/ports'
import { startToxiproxy } from '../../../src-main/lab/launch/toxiproxy'
import { Desk, request } from './command-line'

let desk: Desk
beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.close())

const NOTHING = { processes: [], labs: [] }
const PLAN = 'faultline: 1\ntitle: nothing to run it with\n'

describe('Toxiproxy', () => {
  it('missing: run and doctor say so and exit with 3', async () => {
    const env = { FAULTLINE_TOXIPROXY: '/nowhere/toxiproxy-server' }
    const run = await desk.start(['run', desk.file('plan.yaml', PLAN), '--json'], env).ended
    expect(run.code).toBe(3)
    const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string; remedy: string } }
    expect(error.code).toBe('missing')
    expect(error.message).toContain('/nowhere/toxiproxy-server')
    expect(error.remedy).toContain('FAULTLINE_TOXIPROXY')
    const doctor = await desk.start(['doctor', '--json'], env).ended
    expect(doctor.code).toBe(3)
    const { ok, checks } = JSON.parse(doctor.stdout) as { ok: boolean; checks: { name: string; ok: boolean; remedy: string | null }[] }
    expect(ok).toBe(false)
    expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toContain('Toxiproxy')
    expect(desk.leftovers()).toEqual(NOTHING)
  })

  it('whose port is taken: the other program is not mistaken for it', async () => {
    const [port] = await freePorts(1)
    const other = createServer((_, response) => response.end('{"version": "2.12.0"}'))
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    try {
      await expect(startToxiproxy(port!, { token: 'token-of-this-test', logFile: join(desk.dir, 'toxiproxy.log') })).rejects.toThrow(
        `port ${port} is served by another program`,
      )
    } finally {
      other.close()
    }
  })
})

describe('a node that will not start', () => {
  it('is named, with the file and place of the damage', async () => {
    const kept = join(desk.dir, 'kept')
    const words = ['up', '--nodes', '1', '--direct', '--keep', kept]
    const { going, line } = await desk.up(...words.slice(1))
    for (let i = 0; i < 20; i++) expect((await request('PUT', `${line.nodes[0]!.http}/kv/k${i}`, 'v'.repeat(500))).status).toBe(200)
    going.child.kill('SIGTERM')
    await going.ended

    const [log] = readdirSync(join(kept, 'n1'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /wal|log/.test(entry.name))
    const file = join(log!.parentPath, log!.name)
    const bytes = readFileSync(file)
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff
    writeFileSync(file, bytes)
    const again = await desk.start(words).ended
    expect(again.code).toBe(3)
    expect(again.stdout).toBe('')
    expect(again.stderr).toContain('n1')
    expect(again.stderr).toContain(file)
    expect(desk.leftovers()).toEqual(NOTHING)
  })
})
