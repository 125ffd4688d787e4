/** A run as the judge could have found it: five nodes, the leader crashes at 17 s and a link is slow later on. */
import type { ReportModel, Timeline } from '@shared/run/report'
import { seededRandom } from '@shared/stats/random'

const WIDTH_MS = 100
const END_MS = 60_000
const CRASH_MS = 17_000
const LED_AGAIN_MS = 17_300

function bins(): Timeline['bins'] {
  const random = seededRandom(7, 'report fixture')
  const startMs = Array.from({ length: END_MS / WIDTH_MS }, (_, i) => i * WIDTH_MS)
  const isDown = (at: number) => at >= CRASH_MS && at < LED_AGAIN_MS
  const isEmpty = (at: number) => at >= 5_000 && at < 5_300
  const slow = (at: number) => (at >= 30_000 && at < 38_000 ? 24 : 0)
  const latency = (at: number, ms: number) => (isEmpty(at) ? null : Math.round((ms * (0.8 + 0.6 * random()) + slow(at)) * 100) / 100)
  return {
    widthMs: WIDTH_MS,
    startMs,
    ok: startMs.map((at) => (isEmpty(at) || isDown(at) ? 0 : 17 + Math.round(6 * random()))),
    fail: startMs.map((at) => (isDown(at) ? 9 : 0)),
    unknown: startMs.map((at) => (isDown(at) ? 11 : 0)),
    availability: startMs.map((at) => (isEmpty(at) ? null : at >= CRASH_MS && at < CRASH_MS + 1_300 ? 0.7 : 1)),
    p50: startMs.map((at) => latency(at, isDown(at) ? 2_400 : 1.4)),
    p99: startMs.map((at) => latency(at, isDown(at) ? 3_900 : 4.1)),
    max: startMs.map((at) => latency(at, isDown(at) ? 4_000 : 6.5)),
  }
}

const timeline: Timeline = {
  fromMs: 0,
  toMs: END_MS,
  phases: [
    { phase: 'warmup', fromMs: 0, toMs: 5_000 },
    { phase: 'baseline', fromMs: 5_000, toMs: 15_000 },
    { phase: 'faults', fromMs: 15_000, toMs: 45_000 },
    { phase: 'recovery', fromMs: 45_000, toMs: END_MS },
  ],
  faults: [
    { id: 'crash-1', fault: 'crash', family: 'process', targets: ['n2'], planned: [17_000, 22_000], effective: [CRASH_MS + 20, 22_160] },
    { id: 'slow-1', fault: 'latency', family: 'network', targets: ['n1->n4', 'n4->n1'], planned: [30_000, 38_000], effective: [30_010, 38_030] },
    { id: 'never-1', fault: 'pause', family: 'process', targets: ['n5'], planned: [40_000, 42_000], effective: null },
  ],
  nodes: ['n1', 'n2', 'n3', 'n4', 'n5'].map((id) => ({
    id,
    spans:
      id === 'n2'
        ? [
            { fromMs: 0, toMs: CRASH_MS, state: 'leader' as const, label: 'term 1' },
            { fromMs: CRASH_MS, toMs: 22_160, state: 'down' as const },
            { fromMs: 22_160, toMs: END_MS, state: 'follower' as const, label: 'term 2' },
          ]
        : id === 'n3'
          ? [
              { fromMs: 0, toMs: 17_200, state: 'follower' as const, label: 'term 1' },
              { fromMs: 17_200, toMs: LED_AGAIN_MS, state: 'candidate' as const, label: 'term 2' },
              { fromMs: LED_AGAIN_MS, toMs: END_MS, state: 'leader' as const, label: 'term 2' },
            ]
          : id === 'n5'
            ? [
                { fromMs: 0, toMs: 40_000, state: 'follower' as const, label: 'term 1' },
                { fromMs: 40_000, toMs: 42_000, state: 'paused' as const },
                { fromMs: 42_000, toMs: 44_000, state: 'stale-leader' as const, label: 'term 1' },
                { fromMs: 44_000, toMs: END_MS, state: 'follower' as const, label: 'term 2' },
              ]
            : [{ fromMs: 0, toMs: END_MS, state: 'follower' as const, label: 'term 1' }],
  })),
  leadership: [
    { fromMs: 0, toMs: CRASH_MS, state: 'led', label: 'n2, term 1' },
    { fromMs: CRASH_MS, toMs: LED_AGAIN_MS, state: 'none' },
    { fromMs: LED_AGAIN_MS, toMs: END_MS, state: 'led', label: 'n3, term 2' },
  ],
  bins: bins(),
  availabilityWindowMs: 1_000,
  log: [
    { atMs: 0, source: 'lab', kind: 'load-start', text: 'load starts: 200/s, poisson' },
    { atMs: CRASH_MS, source: 'crash-1', kind: 'fault', text: 'SIGKILL sent to n2 (leader)' },
    { atMs: 17_020, source: 'n2', kind: 'node-exited', text: 'exited by SIGKILL' },
    { atMs: LED_AGAIN_MS, source: 'n3', kind: 'role', text: 'leader in term 2' },
  ],
}

export const model: ReportModel = {
  report: {
    faultline: 1,
    run: '20261123-213805-k3f9',
    ...{ end: 'COMPLETED', verdict: 'HELD', valid: true, invalid: [], stopped_by: null },
    plan: { title: 'Leader crash under load', sha256: 'c0ffee'.repeat(10) + 'c0ff', seed: 42 },
    host: { os: 'Linux 6.18 x64', cpu: 'AMD EPYC 7571', cores: 2, node: '24.21.0', toxiproxy: '2.12.0', raft: '0.1.0' },
    expectations: [
      { metric: 'availability', expected: '>= 95%', observed: 0.9931, held: true },
      { metric: 'recovery', fault: 'crash-1', expected: '<= 2s', observed: 310, held: true },
      { metric: 'latency.p99', op: 'write', phase: 'faults', expected: '<= 500ms', observed: 48.25, held: true },
      { metric: 'linearizable', expected: 'ok', observed: 'ok', held: true },
    ],
    requests: { total: 11_003, ok: 10_927, fail: 27, unknown: 49 },
    availability: { requests: 0.9931, slices: 0.9818, uptime: null },
    latency_ms: { p50: 1.42, p90: 2.61, p99: 31.8, p999: 2_604, max: 3_998 },
    faults: [
      {
        ...{ id: 'crash-1', fault: 'crash', targets: ['n2'], planned_ms: 17_000, requested_ms: 17_001, effective_ms: 17_020 },
        ...{ undone_ms: 22_160, onset_ms: 17_000, detected_ms: 17_200, elected_ms: 17_300, restored_ms: 17_330, recovered_ms: 18_100 },
        censored_at_ms: null,
      },
      {
        ...{ id: 'slow-1', fault: 'latency', targets: ['n1->n4', 'n4->n1'], planned_ms: 30_000, requested_ms: 30_002, effective_ms: 30_010 },
        ...{ undone_ms: 38_030, onset_ms: null, detected_ms: null, elected_ms: null, restored_ms: null, recovered_ms: null },
        censored_at_ms: null,
      },
      {
        ...{ id: 'never-1', fault: 'pause', targets: ['n5'], planned_ms: 40_000, requested_ms: 40_003, effective_ms: null },
        ...{ undone_ms: 42_010, onset_ms: 40_100, detected_ms: null, elected_ms: null, restored_ms: null, recovered_ms: null },
        censored_at_ms: 60_000,
      },
    ],
    leaderless_ms: { total: 300, longest: 300 },
    leaderless_nominal_ms: { total: 300, longest: 300 },
    elections: 1,
    lost_writes: 0,
    linearizable: { verdict: 'ok', operations: 11_976, keys: 100, seconds: 0.4 },
    fidelity: { send_lag_ms_p99: 0.31, not_sent: 0, engine_stall_ms_max: 12, generator_stall_ms_max: 4 },
    cpu: [
      { process: 'n1', cores_mean: 0.06, rss_bytes_max: 96_468_992 },
      { process: 'toxiproxy', cores_mean: 0.04, rss_bytes_max: 22_020_096 },
    ],
    cleanup: { done: 7, of: 7 },
  },
  faults: [
    {
      id: 'crash-1', fault: 'crash', family: 'process', caution: null, target: 'leader', when: null, parameters: [],
      targets: [{ name: 'n2', role: 'leader' }],
      moments: [
        { name: 'planned', at_ms: 17_000, detail: null },
        { name: 'requested', at_ms: 17_001, detail: null },
        { name: 'acknowledged', at_ms: 17_020, detail: null },
        { name: 'observed', at_ms: 17_024, detail: 'n2 ended by SIGKILL' },
        { name: 'planned-end', at_ms: 22_000, detail: null },
        { name: 'undone', at_ms: 22_160, detail: null },
      ],
      size: null, not_shown: null, calls: ['SIGNAL n2 "SIGKILL"'], undo: ['START n2'],
    },
    {
      id: 'slow-1', fault: 'latency', family: 'network', caution: null, target: 'n1<->n4', when: null,
      parameters: [{ name: 'latency', value: '24ms', help: 'delay one way, e.g. 100ms' }],
      targets: [{ name: 'n1->n4', role: null }, { name: 'n4->n1', role: null }],
      moments: [{ name: 'requested', at_ms: 30_002, detail: null }, { name: 'acknowledged', at_ms: 30_010, detail: null }],
      size: { what: 'delay one way', asked: 24, seen: 24.3, spread: 0.2, n: 40, unit: 'ms' }, not_shown: null,
      calls: ['POST /proxies/n1-n4/toxics {"name":"slow-1"}'], undo: ['DELETE /proxies/n1-n4/toxics/slow-1'],
    },
    {
      id: 'never-1', fault: 'pause', family: 'process', caution: null, target: 'n5', when: null, parameters: [], targets: [{ name: 'n5', role: null }],
      moments: [], size: null, not_shown: 'its effect was never seen', calls: [], undo: [],
    },
  ],
  hypothesis: 'Writes come back within 2 s of a leader crash, and nothing acknowledged is lost.',
  planText: 'faultline: 1\ntitle: Leader crash under load\nseed: 42\ncluster:\n  nodes: 5\n',
  startedAt: '2026-11-23T21:38:05.000Z',
  timeline,
}
