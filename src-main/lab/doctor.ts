/** What is there, what is missing, and how to get it. Looks only: makes nothing, downloads nothing. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { quantile } from '@shared/stats/quantiles'
import { findElectron } from '../setup/electron.mjs'
import { findToxiproxy } from '../setup/toxiproxy.mjs'
import { messageOf } from './failure'
import type { DataFolder } from './launch/paths'
import { ephemeralStart, freePorts } from './launch/ports'

export interface Check {
  name: string
  found: string | null
  ok: boolean
  remedy: string | null
  /** a run can't work without it */
  needed: boolean
}

const OLDEST_NODE = [22, 14] as const
const PORTS_OF_FIVE_NODES = 36
const FSYNCS = 100
/** etcd's mark for a healthy write-ahead log: fsync p99 below 10 ms */
const FSYNC_P99_MS = 10
const TIMER_LAG_P99_MS = 5

export async function examine(data: DataFolder): Promise<Check[]> {
  return [checkNode(), await checkToxiproxy(), await checkElectron(), await checkPorts(), checkFsync(data), await checkClock()]
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  return { name: 'Node', found: process.versions.node, ok, needed: true, remedy: ok ? null : `Node ${OLDEST_NODE.join('.')} or newer is needed: npm rebuild node` }
}

async function checkToxiproxy(): Promise<Check> {
  const found = await findToxiproxy({ make: false })
  return found.ok
    ? { name: 'Toxiproxy', found: `${found.version} (${found.path})`, ok: true, needed: true, remedy: null }
    : { name: 'Toxiproxy', found: null, ok: false, needed: true, remedy: found.remedy }
}

async function checkElectron(): Promise<Check> {
  const found = await findElectron({ make: false })
  return found.ok
    ? { name: 'Electron', found: `${found.version}${found.official ? '' : ' (stand-in for development and tests)'}`, ok: true, needed: false, remedy: null }
    : { name: 'Electron', found: null, ok: false, needed: false, remedy: found.remedy }
}

async function checkPorts(): Promise<Check> {
  try {
    await freePorts(PORTS_OF_FIVE_NODES)
    return { name: 'free ports', found: `${PORTS_OF_FIVE_NODES} on 127.0.0.1 below ${ephemeralStart()}`, ok: true, needed: true, remedy: null }
  } catch (error) {
    return { name: 'free ports', found: messageOf(error), ok: false, needed: true, remedy: 'end other programs that listen on 127.0.0.1' }
  }
}

/** Where the nodes' logs will be. */
function checkFsync(data: DataFolder): Check {
  const file = join(data.root, `.fsync-${process.pid}`)
  try {
    mkdirSync(data.root, { recursive: true })
    const fd = openSync(file, 'w')
    try {
      const block = Buffer.alloc(4096)
      const timesMs = Float64Array.from({ length: FSYNCS }, () => {
        const startMs = performance.now()
        writeSync(fd, block)
        fdatasyncSync(fd)
        return performance.now() - startMs
      }).sort()
      const p99 = quantile(timesMs, 0.99)!
      const ok = p99 <= FSYNC_P99_MS
      return { name: 'fsync p99', found: `${p99.toFixed(2)} ms in ${data.root}`, ok, needed: false, remedy: ok ? null : `a slow disk shows in every latency; name a faster one with FAULTLINE_DATA (healthy: below ${FSYNC_P99_MS} ms)` }
    } finally {
      closeSync(fd)
      rmSync(file, { force: true })
    }
  } catch (error) {
    return { name: 'fsync p99', found: messageOf(error), ok: false, needed: true, remedy: 'name a folder you may write to with FAULTLINE_DATA' }
  }
}

/** How late timers fire on this machine right now. */
async function checkClock(): Promise<Check> {
  const lagsMs: number[] = []
  for (let i = 0; i < 50; i++) {
    const dueMs = performance.now() + 2
    await new Promise((resolve) => setTimeout(resolve, 2))
    lagsMs.push(Math.max(0, performance.now() - dueMs))
  }
  const p99 = quantile(Float64Array.from(lagsMs).sort(), 0.99)!
  const ok = p99 <= TIMER_LAG_P99_MS
  return { name: 'clock', found: `monotonic; timers late by ${p99.toFixed(2)} ms at p99`, ok, needed: false, remedy: ok ? null : 'the machine is busy: end other work before measuring' }
}
