import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHistory } from '@shared/run/history'
import { seededRandom } from '@shared/stats/random'
import { newRunId } from '../../../src-main/lab/store/runs'
import { openStore, type Store } from '../../../src-main/lab/store/store'
import { model } from '../report/model'
import { closing, event, header, operations, records } from './records'

let dir: string
let path: string
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'faultline-store-'))
  path = join(dir, 'data', 'faultline.db')
  store = openStore(path)
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

function appendAll(run: string): void {
  const all = records(run)
  store.createRun(all.header)
  store.appendEvents(run, all.events.toReversed())
  store.appendAcks(run, all.acks)
  store.appendNodeSamples(run, all.nodeSamples)
  store.appendLabSamples(run, all.labSamples)
  store.appendIntervals(run, all.intervals.toReversed())
  store.appendOperations(run, all.operations.toReversed())
}

const dead = () => false

describe('store', () => {
  it('every record comes back as it was appended, in order of time, also after the file was closed', () => {
    appendAll('r1')
    appendAll('r2')
    store.closeRun('r1', closing)
    store.close()
    store = openStore(path)
    const expected = records('r1')
    const [phase, role, fault, exited] = expected.events
    // appended in reverse: those of one moment stay in the order in which they were appended
    expect(store.loadRecords('r1')).toStrictEqual({ ...expected, events: [phase, fault, role, exited] })
    expect(store.loadRecords('r2').closing).toBeNull()
  })

  it('a run that was never closed is RUNNING while its engine lives, and ERRORED with all it had when it is dead', () => {
    appendAll('r1')
    expect(store.listRuns(() => true)).toMatchObject([{ run: 'r1', end: 'RUNNING', verdict: null, valid: null }])
    expect(store.listRuns(({ lab }) => lab !== '/data/labs/r1')).toMatchObject([{ run: 'r1', end: 'ERRORED' }])
    expect(store.unclosedRuns()).toEqual([header('r1')])
    expect(store.loadRecords('r1').operations).toHaveLength(operations.length)
    store.closeRun('r1', closing)
    expect(store.unclosedRuns()).toEqual([])
    expect(store.listRuns(() => true)).toMatchObject([{ end: 'CANCELED' }])
  })

  it('runs are listed newest first, with the verdict of the latest judgement', () => {
    store.createRun(header('old', 1_700_000_000_000))
    store.createRun(header('new', 1_700_000_005_000))
    store.saveModel('old', model)
    expect(store.listRuns(dead)).toStrictEqual([
      { run: 'new', title: 'Title of new', started: '2023-11-14T22:13:25.000Z', sha256: 'ab'.repeat(32), end: 'ERRORED', verdict: null, valid: null },
      { run: 'old', title: 'Title of old', started: '2023-11-14T22:13:20.000Z', sha256: 'ab'.repeat(32), end: 'ERRORED', verdict: 'HELD', valid: true },
    ])
    expect(store.loadModel('old')).toStrictEqual(model)
    expect(store.loadModel('new')).toBeNull()
  })

  it('a batch is appended whole or not at all', () => {
    store.createRun(header('r1'))
    const [good] = operations
    const bad = { ...good!, outcome: 'perhaps' as 'ok' }
    expect(() => store.appendOperations('r1', [good!, bad])).toThrow(/CHECK/)
    expect(store.loadRecords('r1').operations).toEqual([])
  })

  it('a second engine writes its own run in the same file at the same time', () => {
    const other = openStore(path)
    store.createRun(header('r1'))
    other.createRun(header('r2'))
    store.appendEvents('r1', [event(1, 'mine')])
    other.appendEvents('r2', [event(1, 'theirs')])
    expect(other.loadRecords('r1').events).toEqual([event(1, 'mine')])
    expect(store.loadRecords('r2').events).toEqual([event(1, 'theirs')])
    other.close()
  })

  it('the history is written in order of start, readable by `check`, with the public keys only', () => {
    appendAll('r1')
    const file = join(dir, 'history.jsonl')
    store.writeHistory('r1', file)
    const text = readFileSync(file, 'utf8')
    const parsed = parseHistory(text)
    if (!('operations' in parsed)) throw new Error(parsed.error.message)
    expect(parsed.operations.map(({ start_ns }) => start_ns)).toEqual([100, 200, 300, 400, 500, 600, 700])
    expect(parsed.operations[2]).toMatchObject({ result: null })
    expect(text).not.toMatch(/settled|censored|attempts|"node"/)
    expect(text.endsWith('\n')).toBe(true)
  })

  it('an unknown run is an error that names it', () => {
    expect(() => store.appendEvents('nobody', [event(1, '')])).toThrow(/holds no run nobody/)
    expect(store.hasRun('nobody')).toBe(false)
  })
})

describe('opening', () => {
  it('a database of a newer version is refused and left as it was', () => {
    store.close()
    const newer = new Database(path)
    newer.pragma('user_version = 99')
    newer.close()
    expect(() => openStore(path)).toThrow(expect.objectContaining({ code: 'database-newer', message: expect.stringContaining('schema 99') }))
    const again = new Database(path)
    expect(again.pragma('user_version', { simple: true })).toBe(99)
    again.close()
  })

  it('a file that is no database is named, with a remedy', () => {
    const file = join(dir, 'letters.db')
    writeFileSync(file, 'Dear database, '.repeat(500))
    expect(() => openStore(file)).toThrow(
      expect.objectContaining({ code: 'database-corrupt', message: expect.stringContaining(file), remedy: expect.stringContaining('Move') }),
    )
  })

  it('a place that can’t hold a database is named, with a remedy', () => {
    writeFileSync(join(dir, 'file'), '')
    const remedy = expect.stringContaining('FAULTLINE_DATA')
    for (const place of [dir, join(dir, 'file', 'faultline.db')]) {
      expect(() => openStore(place)).toThrow(
        expect.objectContaining({ code: 'database-unusable', message: expect.stringContaining(place), remedy }),
      )
    }
  })

  it('damage that only shows while reading is explained too', () => {
    appendAll('r1')
    store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, 4096) // the schema page is whole, the tables are not
    writeFileSync(path, bytes)
    store = openStore(path)
    expect(() => store.loadRecords('r1')).toThrow(expect.objectContaining({ code: 'database-corrupt' }))
  })
})

describe('run id', () => {
  it('is readable and sorts by time', () => {
    const random = seededRandom(1, 'ids')
    const first = newRunId(Date.UTC(2026, 10, 23, 21, 38, 5, 999), random)
    const second = newRunId(Date.UTC(2026, 10, 23, 21, 38, 6), random)
    expect(first).toMatch(/^20261123-213805-[a-z0-9]{4}$/)
    expect([second, first].toSorted()).toEqual([first, second])
  })
})
