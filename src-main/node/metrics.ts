/** What a node counts for Prometheus, in a registry of its own. Labels of the busy ones are bound once, not per request. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Op = 'get' | 'put' | 'delete' | 'cas' | 'append'
export type Outcome = 'ok' | 'fail' | 'unknown'

const OPS: readonly Op[] = ['get', 'put', 'delete', 'cas', 'append']
const OUTCOMES: readonly Outcome[] = ['ok', 'fail', 'unknown']
/** 0.5 ms × 2ⁿ, the last at 16.384 s */
const BUCKETS_S = Array.from({ length: 16 }, (_, n) => 0.0005 * 2 ** n)

/** Values that are looked up when somebody asks. */
export interface Gauges {
  term: number
  isLeader: boolean
  commit: number
  queues: Record<string, number>
  links: { peer: string; rttMs: number | null }[]
}

export class Metrics {
  readonly registry = new Registry()
  readonly elections: Counter
  private readonly fsync: Histogram
  private readonly requests = new Map<string, { observe(seconds: number): void }>()

  constructor(look: () => Gauges) {
    const registers = [this.registry]
    const requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request of the key-value face to its answer',
      labelNames: ['op', 'outcome'],
      buckets: BUCKETS_S,
      registers,
    })
    for (const op of OPS) for (const outcome of OUTCOMES) this.requests.set(op + outcome, requests.labels(op, outcome))
    this.elections = new Counter({ name: 'raft_elections_total', help: 'Elections this node has started', registers })
    this.fsync = new Histogram({
      name: 'wal_fsync_duration_seconds',
      help: 'Time to write and sync one batch of the log',
      buckets: BUCKETS_S,
      registers,
    })
    const gauge = (name: string, help: string, value: (gauges: Gauges) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value(look()))
        },
      })
    gauge('raft_term', 'Current term', ({ term }) => term)
    gauge('raft_is_leader', '1 while this node leads', ({ isLeader }) => (isLeader ? 1 : 0))
    gauge('raft_commit_index', 'Highest log index known to be committed', ({ commit }) => commit)
    const queues = new Gauge({
      name: 'queue_size',
      help: 'What waits: writes for their commit, reads for their quorum, log entries for the disk',
      labelNames: ['queue'],
      registers: [],
      collect() {
        for (const [queue, size] of Object.entries(look().queues)) this.set({ queue }, size)
      },
    })
    const links = new Gauge({
      name: 'link_rtt_seconds',
      help: 'Smoothed round trip to a peer and back',
      labelNames: ['peer'],
      registers: [],
      collect() {
        for (const { peer, rttMs } of look().links) if (rttMs !== null) this.set({ peer }, rttMs / 1000)
      },
    })
    const cpu = new Counter({
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time of this process',
      registers: [],
      collect() {
        const { user, system } = process.cpuUsage()
        this.reset()
        this.inc((user + system) / 1e6)
      },
    })
    for (const metric of [queues, links, cpu]) this.registry.registerMetric(metric)
  }

  request(op: Op, outcome: Outcome, durationMs: number): void {
    this.requests.get(op + outcome)?.observe(durationMs / 1000)
  }

  synced(durationMs: number): void {
    this.fsync.observe(durationMs / 1000)
  }
}
