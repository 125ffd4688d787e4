/** One node, put together: log, core, links, state machine, HTTP face. It starts so that it can say early what it is doing. */
import { randomBytes } from 'node:crypto'
import type { ChangeResult, CoreEvent, MembershipChange } from '../raft/types'
import type { ReadAnswer, ReadConsistency, TransferAnswer, WriteAnswer } from './answers'
import { assemble, type Running } from './assemble'
import { NODE_EXIT, type NodeConfig } from './child'
import type { Clocks } from './clocks'
import { describe } from './error-text'
import { findOnDisk, type Found } from './found'
import type { Harms } from './harms'
import type { Face, StatusBody } from './http/face'
import { HttpFace } from './http/server'
import { statusBody } from './http/status'
import type { NodeLog } from './logs/log'
import { Metrics, type Gauges } from './metrics'
import type { Reports } from './reports'
import { CorruptSnapshot } from './snapshots/part-files'
import type { Made } from './snapshots/snapshotter'
import { CorruptLog } from './storage/recovery'
import { Transfers } from './transfers'

/** past this a person should look at the disk */
const SLOW_SYNC_MS = 1_000

const WARNINGS: ReadonlySet<CoreEvent['kind']> = new Set(['quorumLost', 'truncated', 'diskStalled', 'suspected'])

export type Fail = (code: number, message: string) => void

export class Node implements Face {
  readonly metrics = new Metrics(() => this.gauges())
  readonly defaultReads
  readonly token
  private readonly boot = randomBytes(8).toString('hex')
  private readonly http = new HttpFace(this)
  private running: Running | null = null
  private readonly transfers = new Transfers()
  private state: 'starting' | 'serving' | 'stopping' = 'starting'

  /** @param fail ends the process; called at most once with what happened */
  constructor(
    private readonly config: NodeConfig,
    private readonly harms: Harms,
    private readonly reports: Reports,
    private readonly log: NodeLog,
    private readonly clocks: Clocks,
    private readonly fail: Fail,
  ) {
    this.defaultReads = config.raft.reads
    this.token = config.token
  }

  /** The HTTP face comes first, so that /healthz can say that the log is being replayed. */
  async start(): Promise<void> {
    const { config } = this
    if (!(await this.listens(this.http.listen(config.httpPort), `port ${config.httpPort} of the HTTP face`))) return
    await this.waitToServe()
    const found = await this.find()
    if (found === null) return
    const running = this.assemble(found)
    if (!(await this.listens(running.transport.start(config.peerPort), `port ${config.peerPort} for the peers`))) return
    if (this.state === 'stopping') return running.transport.close() // asked to stop while the log was replayed
    this.running = running
    this.state = 'serving'
    running.driver.start()
    running.sampler.start()
    running.snapshotter.start()
    if (found.tornBytes > 0) this.note('warning', `the log ended in ${found.tornBytes} bytes that were never synced; they were cut`)
    if (found.flipped !== null) this.note('info', found.flipped)
    this.log.line('info', 'ready', { boot: this.boot, pid: process.pid, http: config.httpPort, peer: config.peerPort })
    this.reports.send({ type: 'ready', atNs: this.clocks.truth.nowNs(), boot: this.boot, pid: process.pid, tornBytes: found.tornBytes })
  }

  /** A start that was made slow. */
  private waitToServe(): Promise<void> {
    return this.harms.wait(() => {
      const ends = this.harms.of('slow-start').map(({ delayMs, sinceMs }) => sinceMs + delayMs)
      return this.state === 'stopping' ? 0 : Math.max(0, ...ends) - performance.now()
    })
  }

  /** Answers who waits, lets the answers go out, closes the log. */
  async stop(): Promise<void> {
    if (this.state === 'stopping') return
    this.state = 'stopping'
    this.running?.driver.stop()
    this.transfers.stop()
    this.running?.sampler.stop()
    await this.http.close()
    this.running?.transport.close()
    await this.running?.streams.stop()
    await this.running?.snapshotter.stop()
    await this.running?.wal.close()
  }

  /** After a failure: nothing more is sent or answered. */
  halt(): void {
    this.running?.driver.halt()
    this.running?.transport.close()
  }

  nowNs(): number {
    return this.clocks.truth.nowNs()
  }

  phase(): 'starting' | 'serving' | 'stopping' {
    return this.state
  }

  write(command: Uint8Array, settle: (answer: WriteAnswer) => void): void {
    if (this.running === null) settle({ kind: 'unavailable', reason: 'the node is starting' })
    else this.running.driver.write(command, settle)
  }

  read(key: string, consistency: ReadConsistency, settle: (answer: ReadAnswer) => void): void {
    if (this.running === null) settle({ kind: 'unavailable', reason: 'the node is starting' })
    else this.running.driver.read(key, consistency, settle)
  }

  readLocal(key: string): ReadAnswer {
    return this.running?.driver.readLocal(key) ?? { kind: 'unavailable', reason: 'the node is starting' }
  }

  async transfer(to: string): Promise<TransferAnswer> {
    const startedMs = this.clocks.truth.nowMs()
    const begun = this.served().driver.transfer(to)
    if (!begun.ok) return begun
    const reason = await this.transfers.wait(to, this.config.raft.requestTimeoutMs)
    return reason === 'done' ? { ok: true, durationMs: this.clocks.truth.nowMs() - startedMs } : { ok: false, reason }
  }

  snapshot(): Promise<Made> {
    return this.served().snapshotter.make()
  }

  changeMembers(change: MembershipChange, force: boolean): ChangeResult {
    return this.served().driver.changeMembership(change, force)
  }

  members(): { voters: readonly string[]; learners: readonly string[] } {
    const { voters, learners } = this.served().driver.status().membership
    return { voters, learners }
  }

  knows(id: string): boolean {
    return id === this.config.id || this.config.peers.some((peer) => peer.id === id)
  }

  status(): StatusBody | null {
    if (this.running === null) return null
    const { driver, transport } = this.running
    const snapshot = this.running.found.store.manifest?.index ?? 0
    return statusBody(this.config.id, this.boot, snapshot, driver.status(), transport.state())
  }

  private served(): Running {
    if (this.running === null) throw new Error('the node is starting: the HTTP face should have said so')
    return this.running
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

  private async find(): Promise<Found | null> {
    try {
      return await findOnDisk(this.config, this.harms)
    } catch (error) {
      const code = error instanceof CorruptLog || error instanceof CorruptSnapshot ? NODE_EXIT.corruptLog : NODE_EXIT.disk
      this.fail(code, `node ${this.config.id} can't open its log in ${this.config.dir}: ${(error as Error).message}`)
      return null
    }
  }

  private assemble(found: Found): Running {
    const { config } = this
    return assemble(config, this.harms, this.boot, this.clocks, found, {
      onEvent: (event) => this.report(event),
      onSample: (sample) => this.reports.send({ type: 'sample', sample }),
      onSync: (durationMs) => {
        this.metrics.synced(durationMs)
        if (durationMs >= SLOW_SYNC_MS) this.log.line('warning', 'slow-sync', { ms: Math.round(durationMs) })
      },
      onSnapshot: (index, what) => {
        this.log.line('info', 'snapshot', { index, what })
        this.reports.send({ type: 'event', event: { atNs: this.clocks.truth.nowNs(), node: config.id, kind: 'snapshot', index, what } })
      },
      onNote: (level, text) => this.note(level, text),
      onDiskFailure: (error) => this.fail(NODE_EXIT.disk, `node ${config.id} stops: ${error.message}`),
      onBug: (error) => this.fail(NODE_EXIT.bug, `node ${config.id} stops: ${describe(error)}`),
    })
  }

  private report(event: CoreEvent): void {
    if (event.kind === 'campaign' && !event.pre) this.metrics.elections.inc()
    this.transfers.take(event)
    if (event.kind !== 'quorumAck') {
      const { kind, ...fields } = event
      this.log.line(WARNINGS.has(kind) ? 'warning' : 'info', kind, fields)
    }
    this.reports.core(event, this.config.id, this.clocks)
  }

  private note(level: 'info' | 'warning', text: string): void {
    this.log.line(level, 'note', { text })
    const atNs = this.clocks.truth.nowNs()
    this.reports.send({ type: 'event', event: { atNs, kind: 'note', level, text: `${this.config.id}: ${text}` } })
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
