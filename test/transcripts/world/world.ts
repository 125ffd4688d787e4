/**
 * A cluster on the real core in which nothing happens by itself: messages wait until they are delivered, clocks stand
 * until they are moved. `run` lets everything go at once, each event at its virtual moment, with no chance in it.
 */
import type { CoreEvent, Message, NodeId, RaftConfig, Term } from '../../../src-main/raft/types'
import { printEvent, printParcel } from '../language/messages'
import { Checks } from './checks'
import { emptyDisk } from './disk'
import type { Disk } from './disk'
import { Network } from './network'
import type { Links, Parcel } from './network'
import { ScriptedNode } from './node'
import type { Surroundings } from './node'

/** more than any scene needs: past it, messages chase each other for ever */
const DELIVERIES_MAX = 20_000

export interface Counts {
  campaigns: number
  elected: number
}

export class World implements Surroundings {
  readonly nodes = new Map<NodeId, ScriptedNode>()
  readonly network = new Network((parcel) => this.#lost(parcel))
  readonly checks = new Checks()
  /** tells each message as it is delivered */
  isTracing = false
  /** tells when a leader is suspected and when timeouts change */
  isAboutTimers = false
  nowMs = 0
  campaigns = 0
  #lines: string[] = []
  /** while time runs, each line says when */
  #runStartMs: number | null = null
  #isSilent = false

  add(config: RaftConfig, disk: Disk = emptyDisk()): void {
    const node = new ScriptedNode(config, disk, this)
    node.clockMs = this.nowMs
    this.nodes.set(config.id, node)
  }

  node(id: NodeId): ScriptedNode {
    const node = this.nodes.get(id)
    if (!node) throw new Error(`there is no node ${id}`)
    return node
  }

  say(line: string): void {
    if (this.#isSilent) return
    this.#lines.push(this.#runStartMs === null ? line : `+${Math.round(this.nowMs - this.#runStartMs)} ms  ${line}`)
  }

  /** @returns what was said since the last time */
  takeLines(): string[] {
    return this.#lines.splice(0)
  }

  send(message: Message): void {
    this.network.send(message, this.nowMs)
  }

  sendSnapshot({ id, disk, alive }: ScriptedNode, to: NodeId): void {
    const { snapshot } = disk
    if (!snapshot) throw new Error(`${id} has cut its log and has no snapshot for ${to}`)
    this.network.send({ type: 'snapshot', from: id, to, term: alive.status().term, ...snapshot }, this.nowMs)
  }

  tell(node: NodeId, event: CoreEvent): void {
    if (event.kind === 'campaign' && !event.pre) this.campaigns++
    const line = printEvent(event, this.isAboutTimers)
    if (line !== null) this.say(`${node}: ${line}`)
  }

  /** Delivers what is on these links, oldest first, until nothing is; answers on them too. */
  deliver(links: Links): void {
    let done = 0
    while (this.#deliverNext(links)) if (++done === DELIVERIES_MAX) throw new Error('messages never come to rest')
  }

  /** Delivers only what is on these links now. */
  deliverOnce(links: Links): void {
    for (let left = this.network.on(this.#reaching(links)).length; left > 0; left--) this.#deliverNext(links)
  }

  /** All clocks go on together, messages arrive after their delay. */
  run(ms: number): void {
    const untilMs = this.nowMs + ms
    this.#runStartMs = this.nowMs
    const everywhere = this.#reaching(() => true)
    while (this.nowMs <= untilMs) {
      const arrivalMs = this.network.nextMs(everywhere)
      const tickMs = Math.min(...[...this.nodes.values()].map((node) => this.nowMs + this.#untilTickMs(node)))
      const nextMs = Math.min(Math.max(arrivalMs, this.nowMs), tickMs)
      const stepMs = Math.min(nextMs, untilMs) - this.nowMs
      this.nowMs += stepMs
      // what arrives at the same moment as a timer runs out is heard first
      if (arrivalMs <= tickMs && nextMs <= untilMs) {
        for (const node of this.nodes.values()) node.clockMs += stepMs
        this.#deliverNext(everywhere)
      } else {
        for (const node of this.nodes.values()) node.advance(stepMs)
      }
      if (nextMs > untilMs) break
    }
    this.#runStartMs = null
  }

  /** @returns what `act` brought, without a word about it */
  count(act: () => void): Counts & { fromTerm: Term; toTerm: Term } {
    const before = { campaigns: this.campaigns, elected: this.checks.elected, term: this.#term() }
    this.#isSilent = true
    act()
    this.#isSilent = false
    const campaigns = this.campaigns - before.campaigns
    const elected = this.checks.elected - before.elected
    return { campaigns, elected, fromTerm: before.term, toTerm: this.#term() }
  }

  #term(): Term {
    return Math.max(...[...this.nodes.values()].map(({ raft }) => raft?.status().term ?? 0))
  }

  #untilTickMs({ raft, isPaused, clockMs }: ScriptedNode): number {
    return raft && !isPaused ? Math.max(0, raft.nextTickMs() - clockMs) : Infinity
  }

  #deliverNext(links: Links): boolean {
    const parcel = this.network.takeFirst(this.#reaching(links))
    if (!parcel) return false
    if (this.isTracing) this.say(printParcel(parcel))
    const node = this.nodes.get(parcel.to)
    if (!node?.raft) this.#lost(parcel)
    else if (parcel.type === 'snapshot') node.install(parcel)
    else node.receive(parcel)
    return true
  }

  /** Who streams a snapshot notices that it was cut off, and says so to its core. */
  #lost(parcel: Parcel): void {
    if (parcel.type === 'snapshot') this.nodes.get(parcel.from)?.raft?.snapshotFailed(parcel.to)
  }

  /** A paused node takes nothing off its links; a dead one lets everything fall. */
  #reaching(links: Links): Links {
    return (from, to) => links(from, to) && this.nodes.get(to)?.isPaused !== true
  }
}
