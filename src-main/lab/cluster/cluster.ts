/**
 * A running cluster: one process a node, every directed link and client path through its own proxy. It starts, signals,
 * restarts and ends nodes, and passes on what they report. It knows nothing of plans' timelines, faults or runs.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { learnersOf, votersOf } from '@shared/plan/outage'
import type { PlanNode } from '@shared/plan/plan'
import type { Call } from '@shared/plan/schedule'
import type { RaftSettings } from '@shared/raft'
import type { NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import { NODE_CONFIG_ENV, type NodeConfig, type NodeReport } from '../../node/child'
import { LabFailure, messageOf } from '../failure'
import type { RunClock } from '../launch/clock'
import { freePorts } from '../launch/ports'
import { exited, launchEntry, logTail, tell } from '../launch/processes'
import { type RunningToxiproxy, startToxiproxy } from '../launch/toxiproxy'
import type { Lab } from '../lab'
import { clientPort, dialPort, type Mesh, planMesh, portsNeeded, proxiesOf } from './mesh'
import { nodeRaft } from './node-raft'
import { currentLeader, freshNode, type NodeProcess, roleOf } from './node-process'

/** What the lab listens to. Times are ns since the run's origin. */
export interface ClusterListener {
  event(event: RunEvent): void
  ack(ack: QuorumAck): void
  sample(sample: NodeSample): void
  /** something the cluster can't go on without is gone */
  broken(what: string): void
}

export interface ClusterSettings {
  nodes: readonly PlanNode[]
  raft: RaftSettings
  /** standing toxics of `cluster.network` */
  baseToxics: Call[]
  /** client group: names the client proxies */
  group: string
  direct: boolean
  nodeTest?: NodeConfig['test']
}

const STOP_GRACE_MS = 2_000
/** A Toxiproxy that hangs cuts every link at once: found within this and the deadline of a call. */
const LOOK_AT_TOXIPROXY_EVERY_MS = 1_000

export class Cluster {
  readonly nodes: NodeProcess[] = []
  toxiproxy: RunningToxiproxy | null = null
  private mesh: Mesh | null = null
  private stopping = false
  private proxyWatch: NodeJS.Timeout | null = null

  constructor(
    private readonly lab: Lab,
    readonly clock: RunClock,
    readonly settings: ClusterSettings,
    private readonly listener: ClusterListener,
  ) {}

  /** Proxies first, then all nodes at once. Resolves when every process runs, not when they are ready. */
  async start(): Promise<void> {
    const { nodes, direct, group } = this.settings
    const ids = nodes.map((node) => node.id)
    const ports = await freePorts(portsNeeded(ids.length, direct) + (direct ? 0 : 1))
    const mesh = planMesh(ids, ports, group, direct)
    this.mesh = mesh
    if (!direct) await this.startProxies(mesh, ports.at(-1)!)
    const voters = votersOf(nodes)
    for (const node of mesh.nodes) {
      this.nodes.push(freshNode(node.id, { http: node.http, peer: node.peer, client: clientPort(mesh, group, node) }, voters.includes(node.id)))
    }
    for (const node of this.nodes) this.startNode(node.id)
  }

  node(id: string): NodeProcess {
    const node = this.nodes.find((candidate) => candidate.id === id)
    if (!node) throw new Error(`no node ${id}`)
    return node
  }

  /** Starts a node that is down, with its id, ports and data. */
  startNode(id: string): void {
    const node = this.node(id)
    if (node.state !== 'down') throw new LabFailure('usage', `${id} is ${node.state}, not down`)
    const logFile = this.lab.logFile(id)
    const child = launchEntry('node', {
      name: id,
      token: this.lab.token,
      logFile,
      env: { [NODE_CONFIG_ENV]: JSON.stringify(this.nodeConfig(node)) },
    })
    const pid = child.pid!
    this.lab.processStarted(id, pid)
    Object.assign(node, { child, pid, state: 'starting', role: roleOf('follower', node.hasVote), leader: null, boot: null, lastAckNs: null, timeoutMs: null, sample: null })
    this.listener.event({ atNs: this.clock.nowNs(), kind: 'node-started', node: id, pid })
    child.on('message', (report) => this.report(node, report as NodeReport))
    child.on('exit', (code, signal) => {
      if (node.child !== child) return
      this.lab.processEnded(pid)
      const expected = this.stopping || this.expectedExits.delete(id)
      Object.assign(node, { child: null, pid: null, state: 'down' })
      this.listener.event({ atNs: this.clock.nowNs(), kind: 'node-exited', node: id, pid, code, signal, expected })
      if (!expected) {
        this.listener.event({ atNs: this.clock.nowNs(), kind: 'note', level: 'error', text: `${id} ended by itself (code ${code}, signal ${signal}): ${logTail(logFile)}` })
      }
    })
  }

  private readonly expectedExits = new Set<string>()

  /** Sends a signal to a node's process; a kill is expected to end it. */
  signal(id: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const node = this.node(id)
    if (!node.child || !node.pid) throw new LabFailure('instrument', `${signal} to ${id}: it has no process`)
    if (signal === 'SIGKILL') this.expectedExits.add(id)
    process.kill(node.pid, signal)
    if (signal === 'SIGSTOP') node.state = 'paused'
    if (signal === 'SIGCONT' && node.state === 'paused') node.state = 'running'
  }

  /** Everything this cluster may listen on. */
  ports(): number[] {
    if (!this.mesh) return []
    const api = this.toxiproxy ? [this.toxiproxy.port] : []
    return [...this.mesh.nodes.flatMap((node) => [node.http, node.peer]), ...this.mesh.proxyPorts.values(), ...api]
  }

  leader(): NodeProcess | null {
    return currentLeader(this.nodes)
  }

  /**
   * Every node healthy, all know the same leader, each client path has answered.
   * @throws LabFailure `missing`, naming what was not there in time
   */
  async ready(withinMs: number, aborted: () => boolean): Promise<void> {
    const deadline = Date.now() + withinMs
    let missing = ''
    while (!aborted()) {
      missing = await this.notReady()
      if (missing === '') return
      if (this.nodes.some((node) => node.state === 'down') || Date.now() > deadline) {
        const down = this.nodes.find((node) => node.state === 'down')
        const log = down ? `; ${down.id}'s log ends: ${logTail(this.lab.logFile(down.id))}` : ''
        throw new LabFailure('missing', `the cluster is not ready: ${missing}${log}`)
      }
      await delay(20)
    }
  }

  private async notReady(): Promise<string> {
    const starting = this.nodes.filter((node) => node.state !== 'running')
    if (starting.length > 0) return starting.map((node) => `${node.id} is ${node.state}`).join(', ')
    const leader = this.leader()
    if (!leader) return 'no leader'
    const unsure = this.nodes.filter((node) => node.leader !== leader.id)
    if (unsure.length > 0) return `${unsure.map((node) => node.id).join(', ')} do not know the leader`
    const silent = await Promise.all(this.nodes.map(async (node) => ((await answers(node.client)) ? null : node.id)))
    const missing = silent.filter((id) => id !== null)
    return missing.length === 0 ? '' : `client path to ${missing.join(', ')} does not answer`
  }

  /** Ends every process: asked first, then killed. @returns names of what could not be ended */
  async stop(): Promise<string[]> {
    this.stopping = true
    const left: string[] = []
    await Promise.all(
      this.nodes.map(async (node) => {
        const { child, pid } = node
        if (!child || !pid) return
        if (node.state === 'paused') process.kill(pid, 'SIGCONT')
        tell(child, { type: 'stop' })
        if (await exited(child, STOP_GRACE_MS)) return
        child.kill('SIGKILL')
        if (!(await exited(child, STOP_GRACE_MS))) left.push(node.id)
      }),
    )
    return left
  }

  /** After the nodes: Toxiproxy, and with it every proxy and toxic. */
  async stopProxies(): Promise<boolean> {
    this.stopping = true
    if (this.proxyWatch) clearTimeout(this.proxyWatch)
    const child = this.toxiproxy?.child
    if (!child) return true
    child.kill('SIGTERM')
    if (await exited(child, STOP_GRACE_MS)) return true
    child.kill('SIGKILL')
    return exited(child, STOP_GRACE_MS)
  }

  private async startProxies(mesh: Mesh, apiPort: number): Promise<void> {
    const toxiproxy = await startToxiproxy(apiPort, { token: this.lab.token, logFile: this.lab.logFile('toxiproxy') })
    this.toxiproxy = toxiproxy
    const pid = toxiproxy.child.pid!
    this.lab.processStarted('toxiproxy', pid)
    toxiproxy.child.on('exit', (code, signal) => {
      this.lab.processEnded(pid)
      if (!this.stopping) this.listener.broken(`Toxiproxy ended by itself (code ${code}, signal ${signal})`)
    })
    this.watchProxies(toxiproxy)
    await toxiproxy.api.populate(proxiesOf(mesh, this.settings.group))
    for (const call of this.settings.baseToxics) await toxiproxy.api.perform(call)
  }

  private watchProxies(toxiproxy: RunningToxiproxy): void {
    this.proxyWatch = setTimeout(() => {
      toxiproxy.api.version().then(
        () => this.stopping || this.watchProxies(toxiproxy),
        (error: unknown) => this.stopping || this.listener.broken(messageOf(error)),
      )
    }, LOOK_AT_TOXIPROXY_EVERY_MS)
  }

  private nodeConfig(node: NodeProcess): NodeConfig {
    const mesh = this.mesh!
    const dir = join(this.lab.nodesDir, node.id)
    mkdirSync(dir, { recursive: true })
    return {
      id: node.id,
      dir,
      token: this.lab.token,
      originNs: this.clock.originNs,
      httpPort: node.http,
      peerPort: node.peer,
      peers: mesh.nodes.filter((peer) => peer.id !== node.id).map((peer) => ({ id: peer.id, port: dialPort(mesh, node.id, peer) })),
      voters: votersOf(this.settings.nodes),
      learners: learnersOf(this.settings.nodes),
      raft: nodeRaft(this.settings, node.id),
      ...(this.settings.nodeTest ? { test: this.settings.nodeTest } : {}),
    }
  }

  private happened(node: NodeProcess, event: RunEvent): void {
    const known = node.role
    switch (event.kind) {
      case 'role': {
        const role = roleOf(event.role, node.hasVote)
        Object.assign(node, { role, term: event.term, leader: event.leader })
        return this.listener.event({ ...event, role })
      }
      case 'membership': {
        this.listener.event(event)
        node.hasVote = event.voters.includes(node.id) || event.outgoing.includes(node.id)
        node.role = known === 'learner' || known === 'follower' ? roleOf('follower', node.hasVote) : known
        const { role, term, leader } = node
        if (role !== known) this.listener.event({ atNs: event.atNs, kind: 'role', node: node.id, role, term, leader })
        return
      }
      case 'timeout-changed':
        node.timeoutMs = event.toMs
        return this.listener.event(event)
      default:
        return this.listener.event(event)
    }
  }

  private report(node: NodeProcess, report: NodeReport): void {
    switch (report.type) {
      case 'ready':
        node.boot = report.boot
        if (node.state === 'starting') node.state = 'running'
        this.listener.event({ atNs: report.atNs, kind: 'node-ready', node: node.id, pid: report.pid, boot: report.boot })
        return
      case 'event':
        this.happened(node, report.event)
        return
      case 'ack':
        node.lastAckNs = report.ack.atNs
        this.listener.ack(report.ack)
        return
      case 'sample':
        node.sample = { ...report.sample, role: roleOf(report.sample.role, node.hasVote) }
        this.listener.sample(node.sample)
        return
      case 'fatal':
        this.listener.event({ atNs: report.atNs, kind: 'note', level: 'error', text: `${node.id} stopped itself: ${report.message}` })
        return
    }
  }
}

/** One request over a client path, as a client would make it. */
async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false // not answering is what was asked about
  }
}
