import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Harms } from '../../../src-main/node/harms'
import { openLogFile, type DiskOptions } from '../../../src-main/node/storage/disk'
import { encodeBatch, encodeFileHeader, FILE_HEADER_BYTES } from '../../../src-main/node/storage/record'
import { CorruptLog, recover } from '../../../src-main/node/storage/recovery'
import { openWal, Wal } from '../../../src-main/node/storage/wal'
import type { Entry } from '../../../src-main/raft/types'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-wal-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry = (index: number, term: number, text = `value ${index}`): Entry => ({ index, term, type: 'command', data: Buffer.from(text) })
const texts = (entries: readonly Entry[]) => entries.map(({ index, term, data }) => `${index}@${term} ${Buffer.from(data).toString()}`)

describe('the write-ahead log', () => {
  it('gives back after a restart what it called durable', async () => {
    await write(dir, [[{ term: 1, vote: 'n2' }, [entry(1, 1), entry(2, 1)]], [null, [entry(3, 1)]], [{ term: 2, vote: null }, []]])
    const { durable, wal, tornBytes } = await openWal(dir)
    expect(durable.hardState).toEqual({ term: 2, vote: null })
    expect(texts(durable.entries)).toEqual(['1@1 value 1', '2@1 value 2', '3@1 value 3'])
    expect(tornBytes).toBe(0)
    await wal.close()
  })

  it('lets an entry replace everything from its index on', async () => {
    await write(dir, [[null, [entry(1, 1), entry(2, 1), entry(3, 1)]], [{ term: 2, vote: null }, [entry(2, 2, 'newer')]]])
    const { durable, wal } = await openWal(dir)
    expect(texts(durable.entries)).toEqual(['1@1 value 1', '2@2 newer'])
    await wal.close()
  })

  it('puts what arrives during a write into one further write, overwritten entries left out', async () => {
    const { wal } = await openWal(dir)
    let syncs = 0
    const done = new Promise<void>((resolve, reject) => {
      wal.start({ onDurable: (seq) => seq === 4 && resolve(), onFailure: reject, onSync: () => syncs++ })
    })
    wal.append(1, { term: 1, vote: 'n1' }, [entry(1, 1)])
    wal.append(2, null, [entry(2, 1), entry(3, 1, 'never written')])
    wal.append(3, { term: 2, vote: null }, [entry(3, 2)])
    wal.append(4, { term: 3, vote: 'n3' }, [])
    await done
    await wal.close()
    expect(syncs).toBe(2)
    expect((await readFile(join(dir, 'wal-00000001.log'))).includes('never written')).toBe(false)
    const { durable, wal: again } = await openWal(dir)
    expect(durable.hardState).toEqual({ term: 3, vote: 'n3' })
    expect(texts(durable.entries)).toEqual(['1@1 value 1', '2@1 value 2', '3@2 value 3'])
    await again.close()
  })

  it('ends at a failed write: says so once, calls nothing durable, tries nothing again', async () => {
    const path = join(dir, 'wal-00000001.log')
    const file = await openLogFile(path)
    await file.close()
    const recovered = (await recover(image(0).bytes, path))!
    const { hardState } = recovered
    const segments = [{ number: 1, path, previousIndex: 0 }]
    const wal = new Wal(dir, {}, { hardState, entries: [], restartAt: null, segments, last: { file, recovered } }, null)
    const failures: string[] = []
    const failed = new Promise<void>((resolve) => {
      wal.start({
        onDurable: () => expect.unreachable(),
        onSync: () => expect.unreachable(),
        onFailure: (error) => {
          failures.push(error.message)
          resolve()
        },
      })
    })
    wal.append(1, null, [entry(1, 1)])
    await failed
    wal.append(2, null, [entry(2, 1)])
    await new Promise((resolve) => setImmediate(resolve))
    expect(failures).toEqual([expect.stringContaining('batch 1 at offset 44 failed')])
    expect(wal.isDurable(1)).toBe(false)
  })
})

describe('a log at start', () => {
  it('cut at any byte keeps every whole batch and cuts the torn one', async () => {
    const { bytes, ends } = image(4)
    for (let length = FILE_HEADER_BYTES; length <= bytes.length; length++) {
      const found = await recover(bytes.subarray(0, length), 'log')
      const whole = ends.filter((end) => end <= length).length
      expect(found).toMatchObject({ batch: whole, endOffset: ends[whole - 1] ?? FILE_HEADER_BYTES })
      expect(found!.entries.length).toBe(2 * whole)
    }
  })

  it('reports a torn tail, cuts it on disk, and writes on behind it', async () => {
    await write(dir, [[null, [entry(1, 1)]]])
    const path = join(dir, 'wal-00000001.log')
    const { size } = await stat(path)
    await writeFile(path, randomBytes(100), { flag: 'a' })
    await write(dir, [[null, [entry(2, 1)]]], 100)
    const { durable, wal, tornBytes } = await openWal(dir)
    expect(texts(durable.entries)).toEqual(['1@1 value 1', '2@1 value 2'])
    expect(tornBytes).toBe(0)
    expect((await stat(path)).size).toBeGreaterThan(size)
    await wal.close()
  })

  it('with any bit flipped before the last batch stops the node, naming file and offset', async () => {
    const { bytes, ends } = image(4)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: ends[2]! - 1 }), fc.nat(7), async (at, bit) => {
        const damaged = Buffer.from(bytes)
        damaged[at] = damaged[at]! ^ (1 << bit)
        await expect(recover(damaged, '/data/n1/wal')).rejects.toThrow(/log \/data\/n1\/wal: .* at offset \d+/)
      }),
    )
  })

  it('with any bit flipped in the last batch loses that batch only', async () => {
    const { bytes, ends } = image(4)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: ends[2]!, max: ends[3]! - 1 }), fc.nat(7), async (at, bit) => {
        const damaged = Buffer.from(bytes)
        damaged[at] = damaged[at]! ^ (1 << bit)
        expect(await recover(damaged, 'log')).toMatchObject({ batch: 3, endOffset: ends[2] })
      }),
    )
  })

  it('does not take a record of another file for its own', async () => {
    const { bytes } = image(2, 7)
    const stranger = encodeBatch(null, [entry(9, 9)], 5, 8)!
    expect(await recover(Buffer.concat([bytes, Buffer.alloc(3), stranger]), 'log')).toMatchObject({ batch: 2, tornBytes: 3 + stranger.length })
    const own = encodeBatch(null, [entry(9, 9)], 5, 7)!
    await expect(recover(Buffer.concat([bytes, Buffer.alloc(3), own]), 'log')).rejects.toThrow(CorruptLog)
  })

  it('that is not ours is refused, one that never got its header is started afresh', async () => {
    await expect(recover(Buffer.alloc(100, 'text'), 'log')).rejects.toThrow('this is no log of ours')
    expect(await recover(Buffer.alloc(10), 'log')).toBeNull()
    expect(await recover(Buffer.alloc(4096), 'log')).toBeNull()
  })
})

describe('the forgetful file layer', () => {
  const left = async (options: DiskOptions) => {
    const path = join(dir, 'file')
    const file = await openLogFile(path, options)
    const written = file.write(Buffer.from('promise'), 0)
    const hangs = options.harms?.has('disk-hang') === true
    if (!hangs) await written
    const found = (await readFile(path, 'utf8')).replaceAll('\0', '') // what another process would find if this one were killed now
    options.harms?.take('f', null)
    await written
    await file.close()
    return found
  }
  it('shows nothing before the sync', async () => {
    expect(await left({ losesUnsynced: true, harms: new Harms({ f: { kind: 'disk-hang' } }) })).toBe('')
  })
  it('shows everything after it', async () => expect(await left({ losesUnsynced: true })).toBe('promise'))
  it('shows nothing at all when the sync is left out', async () => {
    expect(await left({ losesUnsynced: true, skipFsync: true })).toBe('')
  })
  it.runIf(process.platform === 'linux').each([{}, { losesUnsynced: true }])('and the ordinary one have the device asked at each write (%o)', async (options) => {
    const isSynced = async (disk: DiskOptions) => {
      const path = join(dir, 'file')
      const file = await openLogFile(path, disk)
      const numbers = await readdir('/proc/self/fd')
      const links = await Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')))
      const info = await readFile(`/proc/self/fdinfo/${numbers[links.indexOf(path)]}`, 'utf8')
      await file.close()
      return (Number.parseInt(/flags:\s+(\d+)/.exec(info)![1]!, 8) & constants.O_DSYNC) !== 0
    }
    expect(await isSynced(options)).toBe(true)
    expect(await isSynced({ ...options, skipFsync: true })).toBe(false)
  })
  it('makes a new file durable by name and leaves no other behind', async () => {
    await left({})
    expect(await readdir(dir)).toEqual(['file'])
  })
})

type Append = [{ term: number; vote: string | null } | null, Entry[]]

async function write(where: string, appends: Append[], expectedTornBytes = 0): Promise<void> {
  const { wal, tornBytes } = await openWal(where)
  expect(tornBytes).toBe(expectedTornBytes)
  for (const [i, [hardState, entries]] of appends.entries()) {
    await new Promise<void>((resolve, reject) => {
      wal.start({ onDurable: () => resolve(), onFailure: reject, onSync: () => {} })
      wal.append(i + 1, hardState, entries)
    })
  }
  await wal.close()
}

/** a log of `batches` batches with a hard state and two entries each, and where each ends */
function image(batches: number, salt = 12345): { bytes: Buffer; ends: number[] } {
  const parts = [encodeFileHeader({ segment: 1, salt, previousBatches: 0, previousIndex: 0, previousTerm: 0 })]
  const ends: number[] = []
  for (let batch = 1; batch <= batches; batch++) {
    parts.push(encodeBatch({ term: batch, vote: 'n1' }, [entry(2 * batch - 1, batch), entry(2 * batch, batch)], batch, salt)!)
    ends.push(parts.reduce((sum, part) => sum + part.length, 0))
  }
  return { bytes: Buffer.concat(parts), ends }
}
