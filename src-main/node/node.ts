/** One node, put together: log, core, links, state machine, HTTP face. It starts so that it can say early what it is doing. */
import { randomBytes } from 'node:crypto'
import type { NodeSample } from '@shared/run/event'
import { createRaft } from '../raft/raft'
import type { CoreEvent, Raft } from '../raft/types'
import type { ReadAnswer, WriteAnswer } from './answers'
import { NODE_EXIT, type NodeConfig } from './child'
import { monotonicClock } from './clock'
import { Driver } from './driver'
import { describe } from './error-text'
import type { Face, StatusBody } from './http/face'
import { HttpFace } from './http/server'
import { statusBody } from './http/status'
import { Metrics, type Gauges } from './metrics'
import { Transport } from './peers/transport'
import type { Reports } from './reports'
import { Sampler } from './sampler'
import { StateMachine } from './state/machine'
import { CorruptLog } from './storage/recovery'
import { openWal, type OpenedWal, type Wal } from './storage/wal'

/** One append: enough for a batch of a busy turn, small enough that a heartbeat behind it is not late. */
const ENTRIES_PER_MESSAGE_MAX = 4_096
const BYTES_PER_MESSAGE_MAX = 1024 * 1024
/** With batches of that size a follower 200 ms away is still kept busy. */
const INFLIGHT_MAX = 64

interface Running {
  raft: Raft
  wal: Wal
  driver: Driver
  transport: Transport
  sampler: Sampler
}

export type Fail = (code: number, message: string) => void

export class Node implements Face {
  readonly metrics = new Metrics(() => this.gauges())
  readonly defaultReads
  readonly token
  private readonly boot = randomBytes(8).toString('hex')
  private readonly clock
  private readonly http = new HttpFace(this)
  private running: Running | null = null
  private state: 'starting' | 'serving' | 'stopping' = 'starting'

  /** @param fail ends the process; called at most once with what happened */
  constructor(
    private readonly config: NodeConfig,
    private readonly reports: Reports,
    private readonly fail: Fail,
  ) {
    this.clock = monotonicClock(BigInt(config.originNs))
    this.defaultReads = config.raft.reads
    this.token = config.token
  }

  /** The HTTP face comes first, so that /healthz can say that the log is being replayed. */
  async start(): Promise<void> {
    const { config } = this
    if (!(await this.listens(this.http.listen(config.httpPort), `port ${config.httpPort} of the HTTP face`))) return
    const opened = await this.openLog()
    if (opened === null) return
    const running = this.assemble(opened)
    if (!(await this.listens(running.transport.start(config.peerPort), `port ${config.peerPort} for the peers`))) return
    if (this.state === 'stopping') return running.transport.close() // asked to stop while the log was replayed
    this.running = running
    this.state = 'serving'
    running.driver.start()
    running.sampler.start()
    if (opened.tornBytes > 0) this.note(`the log ended in ${opened.tornBytes} bytes that were never synced; they were cut`)
    this.reports.send({ type: 'ready', atNs: this.clock.nowNs(), boot: this.boot, pid: process.pid })
  }

  /** Answers who waits, lets the answers go out, closes the log. */
  async stop(): Promise<void> {
    if (this.state === 'stopping') return
    this.state = 'stopping'
    this.running?.driver.stop()
    this.running?.sampler.stop()
    await this.http.close()
    this.running?.transport.close()
    await this.running?.wal.close()
  }

  /** After a failure: nothing more is sent or answered. */
  halt(): void {
    this.running?.driver.halt()
    this.running?.transport.close()
  }

  nowNs(): number {
    return this.clock.nowNs()
  }

  phase(): 'starting' | 'serving' | 'stopping' {
    return this.state
  }

  write(command: Uint8Array, settle: (answer: WriteAnswer) => void): void {
    if (this.running === null) settle({ kind: 'unavailable', reason: 'the node is starting' })
    else this.running.driver.write(command, settle)
  }

  read(key: string, settle: (answer: ReadAnswer) => void): void {
    if (this.running === null) settle({ kind: 'unavailable', reason: 'the node is starting' })
    else this.running.driver.read(key, settle)
  }

  readLocal(key: string): ReadAnswer {
    return this.running?.driver.readLocal(key) ?? { kind: 'unavailable', reason: 'the node is starting' }
  }

  status(): StatusBody | null {
    if (this.running === null) return null
    const { driver, transport } = this.running
    return statusBody(this.config.id, this.boot, this.config.voters, driver.status(), transport.state())
  }

  private async listens(listening: Promise<void>, what: string): Promise<boolean> {
    try {
      await listening
      return true
    } catch (error) {
      this.fail(NODE_EXIT.portTaken, `node ${this.config.id} can't listen on ${what}: ${(error as Error).message}`)
      return false
    }
  }

  private async openLog(): Promise<OpenedWal | null> {
    try {
      return await openWal(this.config.dir, this.config.test)
    } catch (error) {
      const code = error instanceof CorruptLog ? NODE_EXIT.corruptLog : NODE_EXIT.disk
      this.fail(code, `node ${this.config.id} can't open its log in ${this.config.dir}: ${(error as Error).message}`)
      return null
    }
  }

  private assemble({ wal, durable }: OpenedWal): Running {
    const { config, clock } = this
    const { heartbeatMs, electionTimeoutMs, preVote, checkQuorum, requestTimeoutMs } = config.raft
    const raft = createRaft(
      {
        id: config.id,
        voters: config.voters,
        heartbeatMs,
        electionTimeoutMs,
        preVote,
        checkQuorum,
        random: Math.random,
        maxEntriesPerMessage: ENTRIES_PER_MESSAGE_MAX,
        maxBytesPerMessage: BYTES_PER_MESSAGE_MAX,
        maxInflight: INFLIGHT_MAX,
      },
      durable,
      clock.nowMs(),
    )
    const transport = new Transport({
      id: config.id,
      boot: this.boot,
      token: config.token,
      peers: config.peers,
      clock,
      onMessage: (message) => driver.receive(message),
      onBad: (from, reason) => this.note(`a connection ${from === null ? 'of nobody known' : `from ${from}`} was closed: ${reason}`),
    })
    const driver = new Driver({
      raft,
      wal,
      clock,
      requestTimeoutMs,
      machine: new StateMachine(),
      send: (message) => transport.send(message),
      onEvent: (event) => this.report(event),
      onSync: (durationMs) => {
        sampler.synced(durationMs)
        this.metrics.synced(durationMs)
      },
      onDiskFailure: (error) => this.fail(NODE_EXIT.disk, `node ${config.id} stops: ${error.message}`),
      onBug: (error) => this.fail(NODE_EXIT.bug, `node ${config.id} stops: ${describe(error)}`),
    })
    const onSample = (sample: NodeSample) => this.reports.send({ type: 'sample', sample })
    const sampler = new Sampler(config.id, this.boot, clock, driver, transport, onSample)
    return { raft, wal, driver, transport, sampler }
  }

  private report(event: CoreEvent): void {
    if (event.kind === 'campaign' && !event.pre) this.metrics.elections.inc()
    this.reports.core(event, this.config.id, this.clock.nowNs())
  }

  private note(text: string): void {
    const atNs = this.clock.nowNs()
    this.reports.send({ type: 'event', event: { atNs, kind: 'note', level: 'warning', text: `${this.config.id}: ${text}` } })
  }

  private gauges(): Gauges {
    const status = this.running?.driver.status()
    const { driver, transport, wal } = this.running ?? {}
    return {
      term: status?.term ?? 0,
      isLeader: status?.role === 'leader',
      commit: status?.commit ?? 0,
      queues: { writes: driver?.writes.size ?? 0, reads: driver?.reads.size ?? 0, wal: wal?.waiting() ?? 0 },
      links: transport?.state() ?? [],
    }
  }
}
