// Where a Toxiproxy is looked for, in which order, and what is told when none will do.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recentFailure, rememberFailure } from '../../../src-main/setup/recent-failure.mjs'
import { cachedToxiproxy, findToxiproxy } from '../../../src-main/setup/toxiproxy.mjs'

let folder: string
/** A program that only tells a version: what is asked of a candidate. */
const server = (path: string, says: string): string => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${says}\n`)
  chmodSync(path, 0o755)
  return path
}
const onPath = (says: string): string => server(join(folder, 'bin', 'toxiproxy-server'), says)
const inCache = (says: string): string => server(cachedToxiproxy('2.12.0'), says)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-toxiproxy-'))
  mkdirSync(join(folder, 'bin'))
  vi.stubEnv('PATH', join(folder, 'bin'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  vi.stubEnv('FAULTLINE_TOXIPROXY', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe('looking for Toxiproxy', () => {
  it('takes the one that was named before all others', async () => {
    onPath('echo toxiproxy-server version 2.12.0')
    const named = server(join(folder, 'mine'), 'echo toxiproxy-server version 2.9.0')
    vi.stubEnv('FAULTLINE_TOXIPROXY', named)
    expect(await findToxiproxy({ make: false })).toMatchObject({ ok: true, path: named, version: '2.9.0', from: 'explicit' })
  })
  it('does not replace a named one that will not run by another', async () => {
    onPath('echo toxiproxy-server version 2.12.0')
    const found = await findToxiproxy({ explicit: join(folder, 'absent') })
    expect(found).toMatchObject({ ok: false, tried: [{ from: 'explicit', result: expect.stringContaining('ENOENT') }] })
    expect(found).toHaveProperty('remedy', expect.stringContaining('FAULTLINE_TOXIPROXY'))
  })
  it('takes the one on the PATH before the cache', async () => {
    inCache('echo toxiproxy-server version 2.12.0')
    const path = onPath('echo toxiproxy-server version 2.12.1')
    expect(await findToxiproxy({ make: false })).toMatchObject({ ok: true, path, version: '2.12.1', from: 'path' })
  })
  it.each([
    ['is too old', 'echo toxiproxy-server version 2.5.0', 'is 2.5.0; 2.12.0 or a later 2.x is needed'],
    ['does not run', 'echo broken library >&2; exit 127', 'does not run: exit code 127 (broken library)'],
    ['is something else', 'echo hello', 'does not tell a Toxiproxy version but "hello"'],
  ])('passes over one on the PATH that %s, and says so', async (_what, says, result) => {
    onPath(says)
    const path = inCache('echo toxiproxy-server version 2.12.0')
    const found = await findToxiproxy({ make: false })
    expect(found).toMatchObject({ ok: true, path, from: 'cache' })
    expect(found.tried[0]).toEqual({ from: 'path', what: join(folder, 'bin', 'toxiproxy-server'), result })
  })
  it('tells all it tried and what to do when there is none', async () => {
    const found = await findToxiproxy({ make: false })
    expect(found).toMatchObject({ ok: false, tried: [{ from: 'path' }, { from: 'cache', result: 'not there' }] })
    expect(found).toHaveProperty('message', expect.stringContaining('path: toxiproxy-server: not on the PATH'))
    expect(found).toHaveProperty('remedy', expect.stringContaining('2.12.0'))
  })
  it('throws away a broken one in the cache, and does not knock again at a network that just failed', async () => {
    inCache('exit 1')
    rememberFailure('toxiproxy-2.12.0', 'no network')
    const found = await findToxiproxy()
    expect(found).toMatchObject({ ok: false })
    expect(found.tried.map(({ from, result }) => [from, result])).toEqual([
      ['path', 'not on the PATH'],
      ['cache', expect.stringContaining('does not run')],
      ['cache', expect.stringContaining('does not run')],
      ['release', expect.stringContaining('no network (0 min ago')],
      ['build', 'Go is not installed'],
    ])
  })
})

describe('a failed download', () => {
  it('is remembered for a while', () => {
    expect(recentFailure('thing', 60_000)).toBeNull()
    rememberFailure('thing', 'no answer')
    expect(recentFailure('thing', 60_000)).toContain('no answer')
    expect(recentFailure('thing', -1)).toBeNull()
  })
})
