/** What the log's file layer does as it is told to suffer; a torn write needs a process of its own (integration tests). */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Harms } from '../../../src-main/node/harms'
import { type LogFile, openLogFile } from '../../../src-main/node/storage/disk'

let dir: string
let file: LogFile
let harms: Harms

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-disk-'))
  harms = new Harms()
  file = await openLogFile(join(dir, 'file'), { harms })
})
afterEach(async () => {
  await file.close()
  await rm(dir, { recursive: true, force: true })
})

const write = () => file.write(Buffer.from('promise'), 0)

async function msOf(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

describe('the file layer', () => {
  it('is full: no write, with the words of the system, and none once it is over', async () => {
    harms.take('f', { kind: 'disk-full' })
    await expect(write()).rejects.toMatchObject({ code: 'ENOSPC', message: 'ENOSPC: no space left on device, write' })
    expect(await readFile(file.path, 'utf8')).toBe('')
    harms.take('f', null)
    await write()
    expect((await readFile(file.path, 'utf8')).replaceAll('\0', '')).toBe('promise')
  })

  it('fails', async () => {
    await write()
    harms.take('f', { kind: 'disk-error' })
    await expect(write()).rejects.toMatchObject({ code: 'EIO' })
  })

  it('is slow: an fsync takes that much longer, two such faults add up', async () => {
    harms.take('f', { kind: 'fsync-slow', delayMs: 30, growMsPerS: 0 })
    harms.take('g', { kind: 'fsync-slow', delayMs: 20, growMsPerS: 0 })
    expect(await msOf(write)).toBeGreaterThanOrEqual(49)
  })

  it('gets slower by the second', async () => {
    harms.take('f', { kind: 'fsync-slow', delayMs: 0, growMsPerS: 1_000 })
    const first = await msOf(write)
    while (performance.now() - harms.of('fsync-slow')[0]!.sinceMs < 60) await write()
    expect(await msOf(write)).toBeGreaterThan(Math.max(50, first))
  })

  it('an fsync that waits goes on when the fault ends', async () => {
    harms.take('f', { kind: 'fsync-slow', delayMs: 600_000, growMsPerS: 0 })
    const synced = write()
    harms.take('f', null)
    await synced
  })

  it('hangs: a write comes back when it is over, not before', async () => {
    harms.take('f', { kind: 'disk-hang' })
    let isBack = false
    const written = write().then(() => (isBack = true))
    await new Promise((resolve) => setTimeout(resolve, 50)) // nothing tells when nothing will happen
    expect(isBack).toBe(false)
    harms.take('f', null)
    await written
  })
})
