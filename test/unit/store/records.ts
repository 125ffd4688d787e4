/** A small run with every kind of record, for the store's tests. */
import { build } from 'hdr-histogram-js'
import type { LoadInterval, NodeSample, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { RunClosing, RunHeader, RunRecords } from '../../../src-main/lab/store/records'

export const header = (run: string, startedWallMs = 1_700_000_000_000): RunHeader => ({
  run,
  title: `Title of ${run}`,
  planText: 'faultline: 1\ntitle: "ключ"\n',
  planSha256: 'ab'.repeat(32),
  seed: Number.MAX_SAFE_INTEGER,
  startedWallMs,
  host: { os: 'Linux', cpu: 'x', cores: 2, node: '24', toxiproxy: '2.12.0', raft: '1' },
  version: '0.1.0',
  lab: `/data/labs/${run}`,
})

export const closing: RunClosing = {
  end: 'CANCELED',
  stoppedBy: 'availability < 20% for 20s',
  invalid: ['3 requests were not sent'],
  notSent: 3,
  loadStartNs: 1_234_567_890,
  endedNs: 66_234_567_890,
}

export const event = (atNs: number, text: string): RunEvent => ({ atNs, kind: 'note', level: 'info', text })

const events: RunEvent[] = [
  { atNs: 10, kind: 'phase', phase: 'warmup' },
  { atNs: 20, kind: 'role', node: 'n1', role: 'leader', term: 2, leader: 'n1' },
  { atNs: 20, kind: 'fault', id: 'crash-1', fault: 'crash', stage: 'observed', targets: ['n1'], roles: { leader: 'n1' } },
  { atNs: 30, kind: 'node-exited', node: 'n1', pid: 7, code: null, signal: 'SIGKILL', expected: true },
]

const sample: NodeSample = {
  ...{ atNs: 15, node: 'n1', boot: 'b1', role: 'leader', term: 2, leader: 'n1', commit: 5, applied: 5, last: 6, durable: 6 },
  ...{ cpuMs: 12.5, rssBytes: 1e8, loopLagMsMax: 0.7, fsyncs: 4, fsyncMsMax: 1.25, fsyncMsSum: 3.5, fsyncPendingMs: 0, wallMs: 1.7e12, monotonicNs: 1, timersNs: 1, pending: 1 },
  links: [{ peer: 'n2', connected: true, rttMs: null, readings: null, sent: 3, received: 2, lastReceivedNs: 14, gaps: 0, duplicates: 0, overtaken: 0 }],
}

function interval(second: number): LoadInterval {
  const histogram = build({ bitBucketSize: 32, autoResize: false, lowestDiscernibleValue: 1, highestTrackableValue: 6e7 })
  histogram.recordValue(1200 + second)
  const encoded = histogram.toJSON() as unknown
  const base64 = Buffer.from(JSON.stringify(encoded)).toString('base64')
  return { second, intended: 200, ok: 198, fail: 1, unknown: 1, responseHistogram: base64, sendLagHistogram: base64 }
}

const times = (startNs: number) => ({ intended_ns: startNs - 5, start_ns: startNs, end_ns: startNs + 1000, settled_ns: startNs + 1000 })
const meta = { censored: false, checked: true, node: 'n1', attempts: 1 }

export const operations: OperationRecord[] = [
  { ...times(100), ...meta, client: 'c1', key: 'k1', op: 'put', value: 'v1', outcome: 'ok', index: 4, prior: null },
  { ...times(200), ...meta, client: 'c2', key: 'k1', op: 'get', outcome: 'ok', result: 'v1', index: 4 },
  { ...times(300), ...meta, client: 'c1', key: 'k9', op: 'get', outcome: 'ok', result: null, index: 4 },
  { ...times(400), ...meta, client: 'c1', key: 'k9', op: 'cas', expect: null, value: 'v2', outcome: 'ok', swapped: true, prior: null },
  { ...times(500), ...meta, client: 'c1', key: 'k9', op: 'cas', expect: 'x', value: 'v3', outcome: 'ok', swapped: false, prior: 'v2' },
  { ...times(600), ...meta, client: 'c2', key: 'k1', op: 'get', outcome: 'fail', error: '503', checked: true },
  { ...times(700), ...meta, end_ns: null, censored: true, node: null, client: 'c3', key: 'k1', op: 'put', value: '', outcome: 'unknown' },
]

/** Everything in its order of time, as it has to come back. */
export const records = (run: string): RunRecords => ({
  header: header(run),
  closing,
  events,
  acks: [{ node: 'n1', term: 2, sentNs: 11, atNs: 12 }],
  nodeSamples: [sample],
  labSamples: [{ atNs: 16, process: 'engine', cpuMs: 3, rssBytes: 9e7, loopLagMsMax: null }],
  intervals: [interval(0), interval(1)],
  operations,
})
