/**
 * The lab folder's journal: what was started, stopped, leased or made, each written and fsynced before it is done,
 * so that whoever finds the folder later knows what may still be there. One JSON document a line, only ever appended.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { callMethods } from '@shared/plan/schedule'
import { z } from 'zod'

export const LEDGER_FILE = 'ledger.jsonl'

const identity = z.object({ pid: z.number().int(), startTime: z.string(), bootId: z.string(), token: z.string().nullable() })

/** A call of the schedule as it was performed (`Call` of src-shared/plan/schedule). */
const call = z.object({
  method: z.enum(callMethods),
  path: z.string(),
  body: z.unknown(),
  after_ms: z.number().optional(),
})

const ledgerRecord = z.discriminatedUnion('type', [
  /** first line: what every process of this lab has in its environment */
  z.object({ type: z.literal('lab'), token: z.string().min(16) }),
  /** `name`: engine, janitor, generator, toxiproxy or a node's id */
  z.object({ type: z.literal('process-started'), name: z.string(), identity }),
  z.object({ type: z.literal('process-ended'), pid: z.number().int() }),
  /** a fault, written before it is applied; `until`: when it should be gone, ms since the epoch (wall clock) */
  z.object({ type: z.literal('lease'), id: z.string(), fault: z.string(), undo: z.array(call), until: z.number() }),
  z.object({ type: z.literal('lease-undone'), id: z.string() }),
  z.object({ type: z.literal('toxiproxy'), url: z.string() }),
  /** data that goes away with the lab */
  z.object({ type: z.literal('folder'), path: z.string() }),
  z.object({ type: z.literal('folder-removed'), path: z.string() }),
  z.object({ type: z.literal('run'), run: z.string(), db: z.string() }),
])

export type LedgerRecord = z.infer<typeof ledgerRecord>
type RecordOf<T extends LedgerRecord['type']> = Extract<LedgerRecord, { type: T }>

/** What a ledger says may still be there. */
export interface Outstanding {
  token: string | null
  /** started and not known to have ended, in order of their start */
  processes: RecordOf<'process-started'>[]
  leases: RecordOf<'lease'>[]
  folders: string[]
  toxiproxyUrl: string | null
  run: { run: string; db: string } | null
  /** whole lines that are not records: somebody wrote into the file. Nothing is concluded from them */
  unreadable: number
}

export interface Ledger {
  /** on the disk when this returns */
  append(...records: LedgerRecord[]): void
  close(): void
}

/** Opens the ledger of a lab folder for writing; a line torn by a crash is cut off first. */
export function openLedger(dir: string): Ledger {
  const file = openSync(join(dir, LEDGER_FILE), 'a+', 0o600)
  const wholeBytes = readFileSync(join(dir, LEDGER_FILE)).lastIndexOf('\n') + 1
  ftruncateSync(file, wholeBytes)
  syncFolder(dir) // else the file itself could be missing after a power cut
  return {
    append(...records) {
      writeSync(file, records.map((record) => `${JSON.stringify(ledgerRecord.parse(record))}\n`).join(''))
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** @returns what is still outstanding; null when the folder has no ledger */
export function readLedger(dir: string): Outstanding | null {
  let text: string
  try {
    text = readFileSync(join(dir, LEDGER_FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return outstanding(text)
}

/** Pure part of `readLedger`. What follows the last line feed was torn by a crash: it was never relied on. */
export function outstanding(text: string): Outstanding {
  const processes = new Map<number, RecordOf<'process-started'>>()
  const leases = new Map<string, RecordOf<'lease'>>()
  const folders = new Set<string>()
  const found: Outstanding = { token: null, processes: [], leases: [], folders: [], toxiproxyUrl: null, run: null, unreadable: 0 }
  for (const line of text.split('\n').slice(0, -1)) {
    const record = parseLine(line)
    if (!record) {
      found.unreadable++
      continue
    }
    switch (record.type) {
      case 'lab':
        found.token = record.token
        break
      case 'process-started':
        processes.set(record.identity.pid, record)
        break
      case 'process-ended':
        processes.delete(record.pid)
        break
      case 'lease':
        leases.set(record.id, record)
        break
      case 'lease-undone':
        leases.delete(record.id)
        break
      case 'toxiproxy':
        found.toxiproxyUrl = record.url
        break
      case 'folder':
        folders.add(record.path)
        break
      case 'folder-removed':
        folders.delete(record.path)
        break
      case 'run':
        found.run = { run: record.run, db: record.db }
        break
    }
  }
  return { ...found, processes: [...processes.values()], leases: [...leases.values()], folders: [...folders] }
}

function parseLine(line: string): LedgerRecord | null {
  try {
    const parsed = ledgerRecord.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null // counted as unreadable by the caller
  }
}

function syncFolder(dir: string): void {
  if (process.platform === 'win32') return // folders can't be opened there
  const folder = openSync(dir, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
