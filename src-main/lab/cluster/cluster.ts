/**
 * A running cluster: one process a node, every directed link and client path through its own proxy. It starts, signals,
 * restarts and ends nodes, and passes on what they report. It knows nothing of plans' timelines, faults or runs.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { learnersOf, votersOf } from '@shared/plan/outage'
import type { PlanNode } from '@shared/plan/plan'
import type { Call } from '@shared/plan/schedule'
import type { RaftSettings } from '@shared/raft'
import type { NodeSample, QuorumAck, RunEvent } from '@shared/run/event'
import type { Harm } from '@shared/run/harm'
import { type ForcedWord, NODE_CONFIG_ENV, type NodeConfig, type NodeReport } from '../../node/child'
import { LabFailure } from '../failure'
import type { RunClock } from '../launch/clock'
import { freePorts } from '../launch/ports'
import { exited, launchEntry, logTail, tell } from '../launch/processes'
import type { RunningToxiproxy } from '../launch/toxiproxy'
import type { Lab } from '../lab'
import { controlProbes, CONTROL } from '../probes/control'
import type { LinkEnd } from '../probes/link'
import { Prober } from '../probes/prober'
import { Burners } from './burners'
import { areFatal } from './fatal-harms'
import { HarmOrders } from './harm-orders'
import { Members } from './members'
import { clientPort, dialPort, type Mesh, planMesh, portsNeeded, proxiesOf } from './mesh'
import { nodeConfig } from './node-config'
import { currentLeader, freshNode, type NodeProcess, remember, roleOf } from './node-process'
import { Proxies } from './proxies'
import { untilReady } from './readiness'

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
  /** client groups: each has proxies of its own; the first one's are those of `NodeProcess.client` */
  groups: readonly string[]
  direct: boolean
  nodeTest?: NodeConfig['test']
}

const STOP_GRACE_MS = 2_000
/** A node gives its answers so long, and then goes without. */
const STOPPED_WITHIN_MS = 5_000

export class Cluster {
  readonly nodes: NodeProcess[] = []
  readonly prober = new Prober(() => this.clock.nowNs())
  readonly members: Members
  readonly burners: Burners
  private mesh: Mesh | null = null
  private stopping = false
  private proxies: Proxies | null = null

  constructor(
    private readonly lab: Lab,
    readonly clock: RunClock,
    readonly settings: ClusterSettings,
    private readonly listener: ClusterListener,
  ) {
    this.burners = new Burners(lab, (what) => this.listener.event({ atNs: this.clock.nowNs(), kind: 'instrument', what }))
    this.members = new Members(votersOf(settings.nodes), learnersOf(settings.nodes))
  }

  /** Proxies first, then all nodes at once. Resolves when every process runs, not when they are ready. */
  async start(): Promise<void> {
    const { nodes, direct, groups } = this.settings
    const ids = nodes.map((node) => node.id)
    const ports = await freePorts(portsNeeded(ids.length, groups.length, direct) + (direct ? 0 : 1))
    const mesh = planMesh(ids, ports, groups, direct)
    this.mesh = mesh
    if (!direct) {
      this.proxies = new Proxies(this.lab, {
        replaced: (what) => this.listener.event({ atNs: this.clock.nowNs(), kind: 'instrument', what }),
        broken: (what) => this.listener.broken(what),
      })
      await this.proxies.start(ports.at(-1)!, proxiesOf(mesh, groups), this.settings.baseToxics)
    }
    const voters = votersOf(nodes)
    for (const node of mesh.nodes) {
      this.nodes.push(freshNode(node.id, { http: node.http, peer: node.peer, client: clientPort(mesh, groups[0]!, node) }, voters.includes(node.id)))
    }
    for (const node of this.nodes) if (!this.isSpare(node.id)) this.startNode(node.id)
    this.prober.attend(CONTROL, controlProbes(this.nodes))
  }

  get toxiproxy(): RunningToxiproxy | null {
    return this.proxies?.running ?? null
  }

  /** Where every call to Toxiproxy goes that is to hold. @throws LabFailure `usage` in a cluster without proxies */
  get links(): Proxies {
    if (!this.proxies) throw new LabFailure('usage', 'this cluster has no Toxiproxy')
    return this.proxies
  }

  /** Where a probe of the link from one node to another dials, and what it has to say there. */
  linkEnd(from: string, to: string): LinkEnd {
    return { name: `${from}->${to}`, port: dialPort(this.mesh!, from, this.node(to)), to, token: this.lab.token, nowMs: () => this.clock.nowNs() / 1e6 }
  }

  node(id: string): NodeProcess {
    const node = this.nodes.find((candidate) => candidate.id === id)
    if (!node) throw new Error(`no node ${id}`)
    return node
  }

  /** Where a client group reaches a node. */
  readonly clientPort = (group: string, id: string): number => clientPort(this.mesh!, group, this.node(id))

  get token(): string {
    return this.lab.token
  }

  /** A node that no one has asked for yet: it has ports and proxies, and no process. */
  private isSpare(id: string): boolean {
    return this.settings.nodes.some((node) => node.id === id && node.spare) && this.node(id).lives.list.length === 0
  }

  /** An operator's word, told at the next start and every one after it. */
  force(id: string, word: ForcedWord): void {
    this.node(id).forced = word
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
      env: { [NODE_CONFIG_ENV]: JSON.stringify(this.configOf(node)) },
    })
    const pid = child.pid!
    this.lab.processStarted(id, pid)
    Object.assign(node, { child, pid, state: 'starting', role: roleOf('follower', node.hasVote), leader: null, boot: null, lastAckNs: null, timeoutMs: null, sample: null })
    node.lives.started(this.clock.nowNs())
    this.listener.event({ atNs: this.clock.nowNs(), kind: 'node-started', node: id, pid })
    child.on('message', (report) => this.report(node, report as NodeReport))
    child.on('exit', (code, signal) => {
      if (node.child !== child) return
      this.lab.processEnded(pid)
      const expected = this.stopping || this.expectedExits.delete(id) || areFatal(node.harms)
      Object.assign(node, { child: null, pid: null, state: 'down' })
      node.lives.exited(this.clock.nowNs())
      this.listener.event({ atNs: this.clock.nowNs(), kind: 'node-exited', node: id, pid, code, signal, expected })
      if (!expected) this.note('error', `${id} ended by itself (code ${code}, signal ${signal}): ${logTail(logFile)}`)
    })
  }

  private readonly expectedExits = new Set<string>()
  private readonly harmOrders = new HarmOrders((text) => this.note('info', text))

  /** Sends a signal to a node's process; a kill is expected to end it. */
  signal(id: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const node = this.node(id)
    if (!node.child || !node.pid) throw new LabFailure('instrument', `${signal} to ${id}: it has no process`)
    if (signal === 'SIGKILL') this.expectedExits.add(id)
    process.kill(node.pid, signal)
    if (signal === 'SIGSTOP') node.state = 'paused'
    if (signal === 'SIGCONT' && node.state === 'paused') node.state = 'running'
  }

  /** Whether it was killed or asked to stop, and is on its way out. */
  isEnding(id: string): boolean {
    return this.expectedExits.has(id)
  }

  /** Asks a node to stop in good order; resolves when its process is gone. @throws LabFailure `instrument` when it does not go */
  async stopNode(id: string): Promise<void> {
    const node = this.node(id)
    const { child } = node
    if (!child) return
    this.expectedExits.add(id)
    tell(child, { type: 'stop' })
    if (await exited(child, STOPPED_WITHIN_MS)) return
    this.expectedExits.delete(id)
    throw new LabFailure('instrument', `${id} was asked to stop (it is ${node.state}) and still runs after ${STOPPED_WITHIN_MS / 1000} s`)
  }

  /** Tells a node to suffer a harm, or (null) that one has ended. @throws LabFailure `instrument` when it does not do as told */
  harm(id: string, fault: string, harm: Harm | null): Promise<void> {
    return this.harmOrders.tell(this.node(id), fault, harm)
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
    const asked = this.nodes.filter((node) => !this.isSpare(node.id))
    await untilReady(asked, (id) => logTail(this.lab.logFile(id)), withinMs, aborted)
  }

  /** Ends every process: asked first, then killed. @returns names of what could not be ended */
  async stop(): Promise<string[]> {
    this.stopping = true
    this.prober.stop()
    const left = await this.burners.endAll()
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
  stopProxies(): Promise<boolean> {
    this.stopping = true
    return this.proxies?.stop() ?? Promise.resolve(true)
  }

  private note(level: 'info' | 'error', text: string): void {
    this.listener.event({ atNs: this.clock.nowNs(), kind: 'note', level, text })
  }

  private configOf(node: NodeProcess): NodeConfig {
    const { id } = node
    const dir = join(this.lab.nodesDir, id)
    mkdirSync(dir, { recursive: true })
    const { settings, nodes } = this
    return nodeConfig(node, { mesh: this.mesh!, settings, nodes, dir, token: this.lab.token, originNs: this.clock.originNs })
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
        // who is down will not say himself that he lost or got his vote
        if (this.members.take(event)) for (const other of this.nodes) if (other.state === 'down') other.hasVote = this.members.hasVote(other.id)
        node.hasVote = event.voters.includes(node.id) || event.outgoing.includes(node.id)
        node.role = known === 'learner' || known === 'follower' ? roleOf('follower', node.hasVote) : known
        const { role, term, leader } = node
        if (role !== known) this.listener.event({ atNs: event.atNs, kind: 'role', node: node.id, role, term, leader })
        return
      }
      case 'snapshot':
        node.snapshot = { index: event.index, atNs: event.atNs }
        return this.listener.event(event)
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
        node.lives.ready(report.atNs, report.tornBytes)
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
        remember(node, { ...report.sample, role: roleOf(report.sample.role, node.hasVote) })
        this.listener.sample(node.sample!)
        return
      case 'harmed':
        this.harmOrders.answered(report.order, report.failure)
        return
      case 'fatal': {
        const isExpected = areFatal(node.harms)
        if (isExpected) this.expectedExits.add(node.id)
        node.lives.said(report.message)
        this.note(isExpected ? 'info' : 'error', `${node.id} stopped itself: ${report.message}`)
        return
      }
    }
  }
}
