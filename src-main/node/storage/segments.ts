/** The log's files in their folder: their names, what they hold together, and how the log joins the snapshot before it. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry, HardState } from '../../raft/types'
import { openLogFile, type DiskOptions, type LogFile } from './disk'
import { CorruptLog, recover, type Recovered } from './recovery'

export interface LogPlace {
  index: number
  term: number
}

export interface Segment {
  number: number
  path: string
  /** where the log ended when the segment began */
  previousIndex: number
}

export interface FoundLog {
  hardState: HardState
  /** those after the snapshot and what is kept before it, from index 1 on without one */
  entries: Entry[]
  /** the log ends before the snapshot or disagrees with it: it has to begin anew behind it */
  restartAt: LogPlace | null
  segments: Segment[]
  /** the last segment, open, cut to its whole batches; null when nothing was ever written */
  last: { file: LogFile; recovered: Recovered } | null
  tornBytes: number
}

export function segmentPath(dir: string, number: number): string {
  return join(dir, `wal-${String(number).padStart(8, '0')}.log`)
}

/**
 * @param snapshot what the newest snapshot holds: the log before it may be gone
 * @throws CorruptLog when the log can't be trusted; system errors when it can't be read
 */
export async function findLog(dir: string, snapshot: LogPlace | null, keptEntries: number, options: DiskOptions): Promise<FoundLog> {
  await mkdir(dir, { recursive: true })
  const numbers = (await readdir(dir)).flatMap((name) => /^wal-(\d{8})\.log$/.exec(name)?.[1] ?? []).map(Number).toSorted((a, b) => a - b)
  const segments: Segment[] = []
  let last = null as FoundLog['last']
  let tornBytes = 0
  try {
    for (const [i, number] of numbers.entries()) {
      const path = segmentPath(dir, number)
      if (number !== numbers[0]! + i) throw new CorruptLog(path, 0, `segment ${number - 1} before it is missing`)
      const file = await openLogFile(path, options)
      const bytes = await file.readAll()
      const recovered = await recover(bytes, path, last?.recovered).catch((error: unknown) => closing(file, error))
      if (recovered === null) {
        await file.close()
        if (i + 1 < numbers.length) throw new CorruptLog(path, 0, `it has no header, and segment ${number + 1} follows`)
        tornBytes = bytes.length
        continue
      }
      await last?.file.close()
      last = { file, recovered }
      segments.push({ number, path, previousIndex: recovered.header.previousIndex })
    }
    if (last !== null && last.recovered.tornBytes > 0) {
      tornBytes = last.recovered.tornBytes
      await last.file.truncate(last.recovered.endOffset)
    }
    return { ...joined(last?.recovered ?? null, snapshot, keptEntries), segments, last, tornBytes }
  } catch (error) {
    return await closing(last?.file ?? null, error)
  }
}

/** The log behind the snapshot (Raft §7: what disagrees with a snapshot is discarded whole), and what is kept before it. */
function joined(found: Recovered | null, snapshot: LogPlace | null, keptEntries: number): Pick<FoundLog, 'hardState' | 'entries' | 'restartAt'> {
  const { hardState, entries, base } = found ?? { hardState: { term: 0, vote: null }, entries: [], base: { index: 0, term: 0 } }
  const reach = snapshot?.index ?? 0
  if (found !== null && base.index > reach) {
    const what = snapshot === null ? 'there is no snapshot' : `the snapshot ends at ${reach}`
    throw new CorruptLog(found.path, 0, `the log begins behind entry ${base.index}, ${what}`)
  }
  if (snapshot === null) return { hardState, entries, restartAt: null }
  // a snapshot from a leader may have become durable before the term it came in
  const hardStateNow = hardState.term >= snapshot.term ? hardState : { term: snapshot.term, vote: null }
  const position = reach - base.index
  const termThere = position === 0 ? base.term : entries[position - 1]?.term
  if (termThere === undefined || (termThere !== null && termThere !== snapshot.term)) {
    return { hardState: hardStateNow, entries: [], restartAt: { index: snapshot.index, term: snapshot.term } }
  }
  return { hardState: hardStateNow, entries: entries.slice(Math.max(0, position - keptEntries)), restartAt: null }
}

async function closing(file: LogFile | null, error: unknown): Promise<never> {
  await file?.close()
  throw error
}
