import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endProcess, isSame, isStopped } from '../../../src-main/janitor/identity'
import { openLedger, type LedgerRecord } from '../../../src-main/janitor/ledger'
import { acquireLock, isHeld } from '../../../src-main/janitor/lock'
import { sweep, sweepAll } from '../../../src-main/janitor/sweep'
import { DEAF, TOKEN, dataFolder, endSleepers, isAlive, noting, sleeper, until } from './lab'

let lab: ReturnType<typeof dataFolder>
beforeEach(() => {
  lab = dataFolder()
})
afterEach(() => {
  endSleepers()
  lab.remove()
})

function write(...records: LedgerRecord[]): void {
  const ledger = openLedger(lab.labDir)
  ledger.append(...records)
  ledger.close()
}

describe('ending a process', () => {
  it('one that obeys SIGTERM gets to do so, one that ignores it is killed after the grace', async () => {
    const noted = join(lab.dataDir, 'noted')
    const [obedient, deaf] = await Promise.all([sleeper(TOKEN, noting(noted)), sleeper(TOKEN, DEAF)])
    expect(await endProcess(obedient, { graceMs: 5000 })).toEqual({ result: 'gone', wasThere: true })
    expect(existsSync(noted)).toBe(true)
    expect(await endProcess(deaf, { graceMs: 50 })).toEqual({ result: 'gone', wasThere: true })
    expect(isSame(deaf)).toBe(false)
  })

  it('a stopped one is resumed, so that it can obey', async () => {
    const noted = join(lab.dataDir, 'noted')
    const stopped = await sleeper(TOKEN, noting(noted))
    process.kill(stopped.pid, 'SIGSTOP')
    await until('stopped', () => isStopped(stopped.pid))
    expect(await endProcess(stopped, { graceMs: 5000 })).toEqual({ result: 'gone', wasThere: true })
    expect(existsSync(noted)).toBe(true)
  })

  it('a foreign process with the same pid is left alone, whichever part of its identity differs', async () => {
    const foreign = await sleeper()
    for (const wrong of [{ startTime: '1' }, { bootId: 'another boot' }, { token: 'another lab' }]) {
      expect(await endProcess({ ...foreign, ...wrong }, { graceMs: 0 })).toEqual({ result: 'gone', wasThere: false })
    }
    expect(isAlive(foreign.pid)).toBe(true)
    expect(isSame(foreign)).toBe(true)
  })
})

describe('sweep', () => {
  it('resumes, ends and removes all that a dead engine left, and the lab folder with it', async () => {
    const [node, paused, deaf] = await Promise.all([sleeper(), sleeper(), sleeper(TOKEN, DEAF)])
    process.kill(paused.pid, 'SIGSTOP')
    await until('stopped', () => isStopped(paused.pid))
    const data = join(lab.dataDir, 'nodes')
    mkdirSync(join(data, 'n1'), { recursive: true })
    write(
      { type: 'lab', token: TOKEN },
      { type: 'run', run: 'r1', db: '/nowhere/faultline.db' },
      { type: 'process-started', name: 'n1', identity: node },
      { type: 'process-started', name: 'n2', identity: paused },
      { type: 'process-started', name: 'toxiproxy', identity: deaf },
      { type: 'lease', id: 'pause-1', fault: 'pause', undo: [{ method: 'SIGNAL', path: 'n2', body: 'SIGCONT' }], until: 0 },
      { type: 'folder', path: data },
    )
    const swept = await sweepAll(lab.dataDir)
    expect(swept.failed).toEqual([])
    expect(swept.undone.map(({ kind, what }) => `${kind}: ${what}`).sort()).toEqual(
      [
        `stopped process: n2 (pid ${paused.pid})`,
        `process: n1 (pid ${node.pid})`,
        `process: n2 (pid ${paused.pid})`,
        `process: toxiproxy (pid ${deaf.pid})`,
        'fault: pause pause-1',
        `folder: ${data}`,
      ].sort(),
    )
    expect(swept.runs).toEqual([{ run: 'r1', db: '/nowhere/faultline.db' }])
    expect([node, paused, deaf].some(({ pid }) => isAlive(pid))).toBe(false)
    expect(existsSync(data)).toBe(false)
    expect(existsSync(lab.labDir)).toBe(false)
  })

  it('never touches a lab whose lock is held', async () => {
    const node = await sleeper()
    const lock = acquireLock(lab.labDir)
    write({ type: 'process-started', name: 'n1', identity: node })
    expect(isHeld(lab.labDir)).toBe(true)
    expect(await sweep(lab.labDir)).toMatchObject({ held: true, undone: [], failed: [] })
    expect(isAlive(node.pid)).toBe(true)
    lock?.release()
    expect(isHeld(lab.labDir)).toBe(false)
    expect((await sweep(lab.labDir)).undone).toHaveLength(1)
  })

  it('a stranger that got the pid of a node survives, and does not hold up the rest', async () => {
    const stranger = await sleeper('somebody else')
    write({ type: 'process-started', name: 'n1', identity: { ...stranger, token: TOKEN } })
    expect(await sweep(lab.labDir)).toMatchObject({ undone: [], failed: [] })
    expect(isAlive(stranger.pid)).toBe(true)
    expect(existsSync(lab.labDir)).toBe(false)
  })

  it('a process that was started but not yet written down is found by the token', async () => {
    const [unrecorded, other] = await Promise.all([sleeper(), sleeper('a token of another lab')])
    write({ type: 'lab', token: TOKEN })
    expect((await sweep(lab.labDir)).undone).toEqual([{ kind: 'process', what: `unrecorded process (pid ${unrecorded.pid})` }])
    expect(isAlive(other.pid)).toBe(true)
  })

  it('a folder that holds more than lab data is kept and named, whatever the ledger says', async () => {
    write({ type: 'folder', path: lab.dataDir }, { type: 'folder', path: '/usr' })
    const swept = await sweep(lab.labDir)
    expect(swept.failed.map(({ what }) => what)).toEqual([lab.dataDir, '/usr'])
    expect(existsSync(lab.labDir)).toBe(true)
  })

  it('a lab that is just being set up is left alone; an old one without a ledger is removed', async () => {
    expect(await sweep(lab.labDir)).toMatchObject({ held: false, undone: [] })
    expect(existsSync(lab.labDir)).toBe(true)
    const anHourAgo = Date.now() / 1000 - 3600
    utimesSync(lab.labDir, anHourAgo, anHourAgo)
    await sweep(lab.labDir)
    expect(existsSync(lab.labDir)).toBe(false)
  })

  it('lines of another version keep the folder, and what can be read is still undone', async () => {
    const node = await sleeper()
    write({ type: 'process-started', name: 'n1', identity: node })
    writeFileSync(join(lab.labDir, 'ledger.jsonl'), '{"type":"wormhole"}\n', { flag: 'a' })
    const swept = await sweep(lab.labDir)
    expect(swept.undone).toHaveLength(1)
    expect(swept.failed).toMatchObject([{ kind: 'ledger' }])
    expect(existsSync(lab.labDir)).toBe(true)
  })
})
