import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FILE_HEADER_BYTES } from '../../../src-main/node/storage/record'
import { openWal } from '../../../src-main/node/storage/wal'
import type { Entry } from '../../../src-main/raft/types'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-wal-'))
  path = join(dir, 'wal-00000001.log')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry = (index: number): Entry => ({ index, term: 1, type: 'command', data: Buffer.from(`value ${index}`) })

describe('a log that is filled with zeroes ahead', () => {
  it('holds after a kill all that was written, with nothing torn, and goes on behind it', async () => {
    const killed = join(dir, 'killed')
    await write([1, 2], () => copyFile(path, killed))
    const [withZeroes, closed] = await Promise.all([readFile(killed), readFile(path)])
    expect(closed).toEqual(withZeroes.subarray(0, closed.length))
    expect(withZeroes.length).toBeGreaterThan(closed.length)
    expect(withZeroes.subarray(closed.length).every((byte) => byte === 0)).toBe(true)

    await copyFile(killed, path)
    expect(await found()).toEqual({ indexes: [1, 2], tornBytes: 0 })
    await write([3])
    expect(await found()).toEqual({ indexes: [1, 2, 3], tornBytes: 0 })
  })

  it('is cut where its last write was torn', async () => {
    await write([1, 2, 3])
    const torn = Buffer.concat([(await readFile(path)).subarray(0, -3), Buffer.alloc(5_000)])
    await writeFile(path, torn)
    const { indexes, tornBytes } = await found()
    expect(indexes).toEqual([1, 2])
    expect(tornBytes).toBeGreaterThan(5_000)
    expect(await found()).toEqual({ indexes: [1, 2], tornBytes: 0 })
  })

  it('is refused when it is damaged before a batch that was synced, zeroes or other bytes', async () => {
    await write([1, 2, 3])
    const whole = await readFile(path)
    for (const damage of [0, 0xff]) {
      const damaged = Buffer.concat([whole, Buffer.alloc(5_000)])
      damaged.fill(damage, FILE_HEADER_BYTES, FILE_HEADER_BYTES + 40)
      await writeFile(path, damaged)
      await expect(openWal(dir)).rejects.toThrow(/later batches behind it/)
    }
  })
})

/** One batch an entry; what is looked at in between sees the file as a kill would leave it. */
async function write(indexes: number[], beforeClose: () => Promise<void> = async () => {}): Promise<void> {
  const { wal } = await openWal(dir)
  for (const [i, index] of indexes.entries()) {
    await new Promise<void>((resolve, reject) => {
      wal.start({ onDurable: () => resolve(), onFailure: reject, onSync: () => {} })
      wal.append(i + 1, null, [entry(index)])
    })
  }
  await beforeClose()
  await wal.close()
}

async function found() {
  const { wal, durable, tornBytes } = await openWal(dir)
  await wal.close()
  return { indexes: durable.entries.map(({ index }) => index), tornBytes }
}
