import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LEDGER_FILE, openLedger, outstanding, readLedger, type LedgerRecord } from '../../../src-main/janitor/ledger'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'faultline-ledger-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const started = (pid: number, name: string): LedgerRecord => ({
  type: 'process-started',
  name,
  identity: { pid, startTime: '77', bootId: 'b', token: 't' },
})
const lease: LedgerRecord = {
  type: 'lease',
  id: 'crash-1',
  fault: 'crash',
  undo: [{ method: 'START', path: 'n1', body: null }],
  until: 5,
}

describe('ledger', () => {
  it('what was started, leased or made is outstanding until its counterpart is written', () => {
    const ledger = openLedger(dir)
    ledger.append(started(11, 'n1'), started(12, 'n2'), lease, { type: 'folder', path: '/data/x' })
    ledger.append({ type: 'toxiproxy', url: 'http://127.0.0.1:8474' }, { type: 'run', run: 'r1', db: '/data/faultline.db' })
    ledger.append({ type: 'process-ended', pid: 11 })
    ledger.close()
    const left = readLedger(dir)
    expect(left?.processes.map(({ name }) => name)).toEqual(['n2'])
    expect(left?.leases).toEqual([lease])
    expect(left).toMatchObject({ folders: ['/data/x'], toxiproxyUrl: 'http://127.0.0.1:8474', run: { run: 'r1' }, unreadable: 0 })

    const again = openLedger(dir)
    again.append({ type: 'process-ended', pid: 12 }, { type: 'lease-undone', id: 'crash-1' }, { type: 'folder-removed', path: '/data/x' })
    again.close()
    expect(readLedger(dir)).toMatchObject({ processes: [], leases: [], folders: [] })
  })

  it('a line torn at any byte is ignored, and cut off before the next is written', () => {
    const whole = `${JSON.stringify(started(11, 'n1'))}\n`
    const torn = `${JSON.stringify(started(12, 'n2'))}\n`
    for (let bytes = 0; bytes < torn.length; bytes++) {
      const left = outstanding(whole + torn.slice(0, bytes))
      expect(left.processes.map(({ name }) => name)).toEqual(['n1'])
      expect(left.unreadable).toBe(0)
    }
    appendFileSync(join(dir, LEDGER_FILE), whole + torn.slice(0, 20))
    const ledger = openLedger(dir)
    ledger.append({ type: 'process-ended', pid: 11 })
    ledger.close()
    expect(readLedger(dir)).toMatchObject({ processes: [], unreadable: 0 })
    expect(readFileSync(join(dir, LEDGER_FILE), 'utf8').split('\n')).toHaveLength(3)
  })

  it('a record of a kind it does not know is counted, not guessed at', () => {
    const left = outstanding(`{"type":"wormhole"}\n${JSON.stringify(started(11, 'n1'))}\n`)
    expect(left.unreadable).toBe(1)
    expect(left.processes).toHaveLength(1)
  })

  it('a record that does not fit is refused before it is written', () => {
    const ledger = openLedger(dir)
    expect(() => ledger.append({ type: 'process-ended', pid: 1.5 })).toThrow(/pid/)
    ledger.close()
    expect(readFileSync(join(dir, LEDGER_FILE), 'utf8')).toBe('')
  })

  it('a folder without a ledger says so', () => {
    expect(readLedger(dir)).toBeNull()
  })
})
