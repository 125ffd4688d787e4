import { mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBatch, encodeFileHeader, FILE_HEADER_BYTES } from '../../../src-main/node/storage/record'
import { CorruptLog } from '../../../src-main/node/storage/recovery'
import { openWal, type Wal } from '../../../src-main/node/storage/wal'
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, WriteQueue } from '../../../src-main/node/storage/write-queue'
import type { Entry, HardState } from '../../../src-main/raft/types'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-segments-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry = (index: number, term = 1, bytes = 40): Entry => ({ index, term, type: 'command', data: Buffer.alloc(bytes, index % 251) })
const range = (from: number, to: number, term = 1): Entry[] => Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, term))
const small = { segmentBytes: 400 }
const names = async () => (await readdir(dir)).toSorted()
const file = (number: number) => join(dir, `wal-${String(number).padStart(8, '0')}.log`)

/** Appends one after the other, each durable before the next. */
async function fill(wal: Wal, appends: [HardState | null, Entry[]][], firstSeq = 1): Promise<void> {
  for (const [i, [hardState, entries]] of appends.entries()) {
    await new Promise<void>((resolve, reject) => {
      wal.start({ onDurable: (seq) => seq === firstSeq + i && resolve(), onFailure: reject, onSync: () => {} })
      wal.append(firstSeq + i, hardState, entries)
    })
  }
}

/** twelve batches of three entries, in several segments; the vote is in the first only */
async function filled(): Promise<void> {
  const { wal } = await openWal(dir, small)
  await fill(
    wal,
    Array.from({ length: 12 }, (_, i) => [i === 0 ? { term: 1, vote: 'n2' } : null, range(3 * i + 1, 3 * i + 3)]),
  )
  await wal.close()
}

describe('a log in segments', () => {
  it('is found again whole', async () => {
    await filled()
    expect((await names()).length).toBeGreaterThan(3)
    const { durable, wal } = await openWal(dir, small)
    expect(durable.hardState).toEqual({ term: 1, vote: 'n2' })
    expect(durable.entries.map(({ index }) => index)).toEqual(range(1, 36).map(({ index }) => index))
    await wal.close()
  })

  it('goes without what a snapshot holds, and still knows the vote that was in it', async () => {
    await filled()
    const opened = await openWal(dir, small)
    await opened.wal.cut(30)
    await opened.wal.close()
    expect(await names()).not.toContain('wal-00000001.log')
    const { durable, wal } = await openWal(dir, small, { index: 30, term: 1 })
    expect(durable.hardState).toEqual({ term: 1, vote: 'n2' })
    expect(durable.entries.map(({ index }) => index)).toEqual([31, 32, 33, 34, 35, 36])
    await wal.close()
    await expect(openWal(dir, small)).rejects.toThrow(/begins behind entry \d+, there is no snapshot/)
    await expect(openWal(dir, small, { index: 3, term: 1 })).rejects.toThrow(/begins behind entry \d+, the snapshot ends at 3/)
  })

  it('gives back what is wanted of before the snapshot, as far as it still holds it, and goes on behind all of it', async () => {
    await filled()
    const indexes = async (keptEntries: number): Promise<number[]> => {
      const { durable, wal } = await openWal(dir, small, { index: 30, term: 1 }, keptEntries)
      await wal.close()
      return durable.entries.map(({ index }) => index)
    }
    expect(await indexes(4)).toEqual([27, 28, 29, 30, 31, 32, 33, 34, 35, 36])
    expect((await indexes(100))[0]).toBe(1)
    const opened = await openWal(dir, small, { index: 36, term: 1 }, 2)
    await opened.wal.cut(30)
    await fill(opened.wal, [[null, range(37, 38)]])
    await opened.wal.close()
    const [first, ...rest] = await indexes(100)
    expect(first).toBeGreaterThan(1)
    expect(first).toBeLessThanOrEqual(31)
    expect(rest.at(-1)).toBe(38)
  })

  it('keeps a segment while it holds anything behind the cut', async () => {
    await filled()
    const { wal } = await openWal(dir, small)
    for (let index = 1; index <= 36; index++) {
      await wal.cut(index)
      const again = await openWal(dir, small, { index, term: 1 })
      expect(again.durable.entries.length).toBe(36 - index)
      await again.wal.close()
    }
    await wal.close()
  })

  it('begins anew behind a snapshot that is ahead of it', async () => {
    await filled()
    const first = await openWal(dir, small)
    first.wal.restart({ index: 100, term: 4 })
    await fill(first.wal, [[{ term: 4, vote: null }, range(101, 103, 4)]])
    await first.wal.close()
    const second = await openWal(dir, small, { index: 100, term: 4 })
    expect(second.durable.entries.map(({ index }) => index)).toEqual([101, 102, 103])
    expect(second.durable.hardState).toEqual({ term: 4, vote: null })
    await second.wal.close()
    await expect(openWal(dir, small)).rejects.toThrow(CorruptLog)
  })

  it('begins anew behind a snapshot that became durable just before a crash, or disagrees with it', async () => {
    await filled()
    for (const snapshot of [
      { index: 100, term: 4 },
      { index: 20, term: 4 },
    ]) {
      const { durable, wal } = await openWal(dir, small, snapshot)
      expect(durable.entries).toEqual([])
      expect(durable.hardState).toEqual({ term: 4, vote: null })
      await wal.close()
    }
    const { wal } = await openWal(dir, small, { index: 20, term: 4 })
    await fill(wal, [[null, range(21, 22, 5)]])
    await wal.close()
    const { durable, wal: again } = await openWal(dir, small, { index: 20, term: 4 })
    expect(durable.entries.map(({ index, term }) => `${index}@${term}`)).toEqual(['21@5', '22@5'])
    await again.close()
  })

  it('may overwrite entries that an older segment holds, also when that one is gone', async () => {
    const first = await openWal(dir, small)
    await fill(first.wal, [
      [{ term: 1, vote: 'n1' }, range(1, 9)],
      [{ term: 2, vote: null }, range(7, 8, 2)],
      [null, range(9, 20, 2)],
      [null, range(21, 22, 2)],
    ])
    await first.wal.cut(15)
    await first.wal.close()
    expect(await names()).not.toContain('wal-00000001.log')
    const { durable, wal } = await openWal(dir, small, { index: 15, term: 2 })
    expect(durable.entries.map(({ index, term }) => `${index}@${term}`)).toEqual(range(16, 22).map(({ index }) => `${index}@2`))
    await wal.close()
  })

  it('ends torn only in its last segment: damage in any other stops the node', async () => {
    await filled()
    const bytes = await readFile(file(2))
    await truncate(file(2), bytes.length - 1)
    await expect(openWal(dir, small)).rejects.toThrow(/wal-00000002.log: batch \d+ of \d+ is damaged or gone, and segment 3 follows, at offset \d+/)
    const ends = [...bytes.keys()].filter((at) => at > FILE_HEADER_BYTES && at < bytes.length)
    for (const length of ends.filter((at) => at % 7 === 0)) {
      await writeFile(file(2), bytes.subarray(0, length))
      await expect(openWal(dir, small)).rejects.toThrow(CorruptLog)
    }
    await unlink(file(2))
    await expect(openWal(dir, small)).rejects.toThrow('segment 2 before it is missing')
  })

  it('that lost a segment at a batch border is found out', async () => {
    const salt = 9
    const header = (segment: number, previousBatches: number, previousIndex: number) =>
      encodeFileHeader({ segment, salt, previousBatches, previousIndex, previousTerm: previousIndex && 1 })
    const second = Buffer.concat([header(2, 2, 2), encodeBatch({ term: 1, vote: null }, [entry(3)], 1, salt)!])
    await writeFile(file(1), Buffer.concat([header(1, 0, 0), encodeBatch({ term: 1, vote: null }, [entry(1)], 1, salt)!]))
    await writeFile(file(2), second)
    await expect(openWal(dir)).rejects.toThrow(/batch 2 of 2 is damaged or gone/)
  })

  it('takes a segment that never got its header for none', async () => {
    await filled()
    const count = (await names()).length
    await writeFile(file(count + 1), Buffer.alloc(20))
    const { durable, wal } = await openWal(dir, { segmentBytes: 50 })
    expect(durable.entries.length).toBe(36)
    await fill(wal, [[null, [entry(37)]]])
    await wal.close()
    expect((await stat(file(count + 1))).size).toBeGreaterThan(FILE_HEADER_BYTES)
    const again = await openWal(dir)
    expect(again.durable.entries.length).toBe(37)
    await again.wal.close()
  })
})

describe('what waits for the disk', () => {
  it('goes in batches of bounded size, and is durable only when all of it is', async () => {
    const { wal } = await openWal(dir)
    const durable: number[] = []
    let syncs = 0
    const done = new Promise<void>((resolve, reject) => {
      wal.start({
        onDurable: (seq) => {
          durable.push(seq)
          if (seq === 3) resolve()
        },
        onFailure: reject,
        onSync: () => syncs++,
      })
    })
    wal.append(1, { term: 1, vote: null }, range(1, 10))
    wal.append(2, null, range(11, 2_500))
    wal.append(3, null, range(2_501, 2_600))
    expect(wal.waiting()).toBeGreaterThan(2_500)
    await done
    await wal.close()
    expect({ syncs, durable, waiting: wal.waiting() }).toEqual({ syncs: 4, durable: [1, 3], waiting: 0 })
  })

  it('is bounded in bytes too, but never stuck on one large entry', () => {
    const queue = new WriteQueue()
    const large = (index: number): Entry => ({ index, term: 1, type: 'command', data: Buffer.alloc(BATCH_BYTES_MAX - 1) })
    queue.add(1, null, [large(1), large(2)])
    queue.add(2, { term: 7, vote: null }, [entry(3)])
    expect(queue.take()).toMatchObject({ seq: null, hardState: null, entries: [{ index: 1 }] })
    expect(queue.take()).toMatchObject({ seq: 1, entries: [{ index: 2 }] })
    expect(queue.take()).toMatchObject({ seq: 2, hardState: { term: 7 }, entries: [{ index: 3 }] })
    expect(queue.isEmpty).toBe(true)
  })

  it('drops what is overwritten while it waits, but not what was taken already', () => {
    const queue = new WriteQueue()
    queue.add(1, null, range(1, BATCH_ENTRIES_MAX + 10))
    expect(queue.take()).toMatchObject({ seq: null })
    queue.add(2, null, range(BATCH_ENTRIES_MAX + 4, BATCH_ENTRIES_MAX + 5, 2))
    expect(queue.size).toBe(5)
    queue.add(3, null, range(BATCH_ENTRIES_MAX - 5, BATCH_ENTRIES_MAX - 4, 3))
    const { seq, entries } = queue.take()
    expect({ seq, entries: entries.map(({ index, term }) => `${index - BATCH_ENTRIES_MAX}@${term}`) }).toEqual({ seq: 3, entries: ['-5@3', '-4@3'] })
  })
})
