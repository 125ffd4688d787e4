/** A bit of the log turned over, found at the next start, and put right. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { flipBit } from '../../../src-main/node/storage/bit-flip'
import { openWal } from '../../../src-main/node/storage/wal'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-flip-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function writeLog(batches: number): Promise<void> {
  const { wal } = await openWal(dir, { segmentBytes: 600 })
  for (let seq = 1; seq <= batches; seq++) {
    await new Promise<void>((resolve, reject) => {
      wal.start({ onDurable: () => resolve(), onFailure: reject, onSync: () => undefined })
      wal.append(seq, { term: 1, vote: 'n1' }, [{ index: seq, term: 1, type: 'command', data: Buffer.from(`value ${seq}`) }])
    })
  }
  await wal.close()
}

async function content(): Promise<Record<string, string>> {
  const names = (await readdir(dir)).toSorted()
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await readFile(join(dir, name))).toString('hex')])))
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: the log is refused, and the very same bytes are back afterwards', async (seed) => {
  await writeLog(20)
  const before = await content()
  expect(Object.keys(before).length).toBeGreaterThan(1)
  expect(await flipBit(dir, seed)).toMatch(/^bit \d of the byte at \d+ of wal-\d{8}.log was turned over$/)
  await expect(openWal(dir)).rejects.toThrow(/is damaged|damaged record/)
  expect(await flipBit(dir, seed)).toBeNull() // once is enough: a second flip could be the way back
  await expect(openWal(dir)).rejects.toThrow(/is damaged|damaged record/)
  expect(await flipBit(dir, null)).toMatch(/was put right$/)
  expect(await content()).toEqual(before)
  expect(await flipBit(dir, null)).toBeNull()
})

it('turns nothing over in a log of one batch, where it would look like a torn write', async () => {
  await writeLog(1)
  const before = await content()
  expect(await flipBit(dir, 1)).toMatch(/^no bit/)
  expect(await content()).toEqual(before)
})
