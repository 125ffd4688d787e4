/**
 * A bit of the log turned over on disk before the node looks at it, as a disk that rots. What was there is written down
 * beside the log first and durably, so that the bit can be put right at any later start, whatever happens in between.
 */
import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { drawIndex, seededRandom } from '@shared/stats/random'
import { syncFolder } from './disk'
import { decodeFileHeader, FILE_HEADER_BYTES, parseRecord, RECORD_HEADER_BYTES } from './record'

const NOTE_FILE = 'flipped-bit.json'

interface Flipped {
  file: string
  offset: number
  /** the byte as it was */
  was: number
}

/**
 * @param seed draws the bit; null = none is to be wrong: one that is gets put right
 * @returns where one was turned over or put right, in words; null = nothing was done
 */
export async function flipBit(dir: string, seed: number | null): Promise<string | null> {
  const flipped = await readNote(dir)
  if (seed === null) return flipped && (await putRight(dir, flipped))
  if (flipped) return null // it is wrong already
  const places = await payloadsBeforeTheLastBatch(dir)
  if (places.length === 0) return 'no bit of the log was turned over: it holds no two batches'
  const random = seededRandom(seed, 'bit-flip')
  const { file, from, to } = places[drawIndex(random, places.length)]!
  const offset = from + drawIndex(random, to - from)
  const bit = drawIndex(random, 8)
  const was = (await readFile(join(dir, file)))[offset]!
  await writeDurably(join(dir, NOTE_FILE), Buffer.from(JSON.stringify({ file, offset, was } satisfies Flipped)), { position: 'all of it' })
  await syncFolder(dir)
  await writeDurably(join(dir, file), Buffer.of(was ^ (1 << bit)), { position: offset })
  return `bit ${bit} of the byte at ${offset} of ${file} was turned over`
}

async function putRight(dir: string, { file, offset, was }: Flipped): Promise<string> {
  await writeDurably(join(dir, file), Buffer.of(was), { position: offset })
  await rm(join(dir, NOTE_FILE))
  await syncFolder(dir)
  return `the bit of the byte at ${offset} of ${file} was put right`
}

async function readNote(dir: string): Promise<Flipped | null> {
  try {
    return JSON.parse(await readFile(join(dir, NOTE_FILE), 'utf8')) as Flipped
  } catch (error) {
    const isTorn = error instanceof SyntaxError // then the log was not touched yet
    if (isTorn || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Payloads of records that have a later batch behind them: damage in the last batch would look like a torn write. */
async function payloadsBeforeTheLastBatch(dir: string): Promise<{ file: string; from: number; to: number }[]> {
  const files = (await readdir(dir)).filter((name) => /^wal-\d{8}\.log$/.test(name)).toSorted()
  const places: { file: string; from: number; to: number; batch: string }[] = []
  for (const file of files) {
    const bytes = await readFile(join(dir, file))
    const header = decodeFileHeader(bytes)
    if (typeof header === 'string') continue
    for (let offset = FILE_HEADER_BYTES; ; ) {
      const parsed = parseRecord(bytes, offset, header.salt)
      if (parsed === null) break
      places.push({ file, from: offset + RECORD_HEADER_BYTES, to: parsed.endOffset, batch: `${file} ${parsed.batch}` })
      offset = parsed.endOffset
    }
  }
  return places.filter(({ batch }) => batch !== places.at(-1)?.batch)
}

async function writeDurably(path: string, bytes: Buffer, { position }: { position: number | 'all of it' }): Promise<void> {
  const handle = await open(path, position === 'all of it' ? 'w' : 'r+', 0o600)
  try {
    await handle.write(bytes, 0, bytes.length, position === 'all of it' ? 0 : position)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
