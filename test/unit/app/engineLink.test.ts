/** The shell's end of the engine, against a real child process that speaks the protocol, or fails to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineStatus } from '@shared/api/contract'
import { EngineLink } from '../../../src-main/app/engineLink'

let folder = ''
let link: EngineLink | null = null
const seen: { live: unknown[]; status: EngineStatus[] } = { live: [], status: [] }

function linkTo(script: string): EngineLink {
  const entry = join(folder, 'child.mjs')
  writeFileSync(entry, script)
  link = new EngineLink({
    entry,
    runtime: { execPath: process.execPath, env: process.env },
    workDir: folder,
    logPath: join(folder, 'engine.log'),
    onLive: (frame) => seen.live.push(frame),
    onStatus: (status) => seen.status.push(status),
  })
  link.start()
  return link
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-link-'))
  seen.live = []
  seen.status = []
})
afterEach(async () => {
  await link?.shutdown(2_000)
  rmSync(folder, { recursive: true, force: true })
})

const ANSWERING = `
  process.on('message', ({ id, channel }) => {
    if (channel === 'run:current') process.send({ live: { v: 1 } })
    if (channel === 'run:current') process.send({ id, result: { ok: true, value: { run: 'r1' } } })
    if (channel === 'runs:list') process.send({ id, result: { ok: true, value: [{ run: 7 }] } })
    if (channel === 'plans:list') { console.error('out of plans'); process.exit(3) }
    if (channel === 'engine:shutdown') process.send({ id, result: { ok: true, value: { cleanup: null } } }, () => process.exit(0))
  })
  process.on('disconnect', () => process.exit(0))`

describe('the link to the engine', () => {
  it('brings answers and frames', async () => {
    expect(await linkTo(ANSWERING).call('run:current', {})).toEqual({ ok: true, value: { run: 'r1' } })
    expect(seen.live).toEqual([{ v: 1 }])
  })
  it('refuses an answer that is not of the agreed shape', async () => {
    expect(await linkTo(ANSWERING).call('runs:list', {})).toMatchObject({ ok: false, error: { code: 'bad-answer' } })
  })
  it('answers what was asked when the engine dies, says how it died and what it said last, and starts another', async () => {
    const engine = linkTo(ANSWERING)
    expect(await engine.call('plans:list', {})).toMatchObject({ ok: false, error: { code: 'engine-gone' } })
    await vi.waitFor(() => expect(engine.status).toMatchObject({ state: 'gone', code: 3, signal: null, lastLines: ['out of plans'] }))
    expect(engine.start()).toMatchObject({ state: 'running', code: null, lastLines: [] })
    expect(await engine.call('run:current', {})).toMatchObject({ ok: true })
  })
  it('waits no longer than it promised, for an answer and for the end', async () => {
    const engine = linkTo(`process.on('message', () => {}); process.on('disconnect', () => process.exit(0))`)
    expect(await engine.call('run:current', {}, 50)).toMatchObject({ ok: false, error: { code: 'timeout' } })
    await engine.shutdown(50)
    await vi.waitFor(() => expect(engine.status.state).toBe('gone'), { timeout: 5_000 })
  })
})
