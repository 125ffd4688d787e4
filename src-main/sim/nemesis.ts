/** Makes the timeline of a world happen: each fault finds its target at the moment it begins, and is undone when its time is over. */
import type { Agenda } from './agenda'
import type { Coverage } from './coverage'
import type { Network } from './network'
import { linksCut, peersOf, stormOf } from './network-faults'
import type { SimNode } from './nodes'
import { operate } from './operations'
import type { Happening } from './timeline'

export interface Afflicted {
  readonly agenda: Agenda
  readonly coverage: Coverage
  readonly network: Network
  readonly nodes: readonly SimNode[]
  readonly random: () => number
  /** nodes whose log may be damaged for good, beyond those that are */
  mayLose(): boolean
  leader(): SimNode | null
}

export class Nemesis {
  /** crashes that wait for somebody's next write */
  #armed: Happening[] = []
  /** crashes that wait for a snapshot whose log is not yet cut */
  #armedForCut: Happening[] = []
  #isOver = false
  /** an fsync takes this many ms longer, by node */
  readonly syncDelayMs: number[]

  constructor(private readonly world: Afflicted) {
    this.syncDelayMs = world.nodes.map(() => 0)
  }

  schedule(timeline: readonly Happening[]): void {
    for (const happening of timeline) {
      this.world.agenda.at(happening.atMs, () => {
        if (!this.#isOver) this.#begin(happening)
      })
    }
  }

  /** Everything is undone, and nothing new begins. */
  heal(): void {
    const { nodes, network } = this.world
    this.#isOver = true
    this.#armed = []
    this.#armedForCut = []
    this.syncDelayMs.fill(0)
    network.heal()
    for (const node of nodes) {
      node.disk.isFull = false
      if (node.isPaused) node.resume()
      this.#restart(node)
    }
  }

  /** `node` has begun a write: the crash that waited for one strikes in the middle of it. */
  writing(node: SimNode, syncMs: number): void {
    if (node.disk.isFull) return this.#stop(node)
    if (this.#armed.length === 0 || node.disk.unsynced === 0) return
    const { coverage } = this.world
    const { forMs } = this.#armed.shift()!
    this.#strike(node, syncMs, forMs, () => {
      // what reached the platter whole was not lost: the world is owed a crash that loses something
      if (coverage.times('crash that lost unsynced data') === 0) this.#armed.push({ ...NEXT_CRASH, forMs })
    })
  }

  /** `node` has a durable snapshot, and a log that still holds what it covers. */
  cutting(node: SimNode, cutMs: number): void {
    const next = this.#armedForCut.shift()
    if (next !== undefined) this.#strike(node, cutMs, next.forMs, () => undefined)
  }

  #strike(node: SimNode, withinMs: number, forMs: number, done: () => void): void {
    const { agenda, random } = this.world
    const { life } = node
    agenda.after(withinMs * random(), () => {
      if (node.life !== life || this.#isOver) return
      node.crash(random)
      this.#after(forMs, () => this.#restart(node))
      done()
    })
  }

  #begin(happening: Happening): void {
    const { agenda, coverage, network, nodes, random } = this.world
    const { kind, forMs, draws } = happening
    const node = this.#targetOf(happening)
    switch (kind) {
      case 'crash-while-writing':
        this.#armed.push(happening)
        return
      case 'crash-before-cut':
        this.#armedForCut.push(happening)
        return
      case 'crash':
        if (!node.isUp) return
        node.crash(random)
        return this.#after(forMs, () => this.#restart(node))
      case 'pause':
        if (!node.isUp || node.isPaused) return
        node.pause()
        coverage.met('node paused')
        return this.#after(forMs, () => node.resume())
      case 'partition':
      case 'partition-in':
      case 'partition-out':
      case 'link':
        return this.#cut(happening, node)
      case 'clog':
        coverage.met('path clogged')
        for (const peer of peersOf(nodes, node, draws[0])) network.clog(network.link(peer, node.number), agenda.nowMs + forMs)
        return
      case 'storm':
        coverage.met('storm of loss and replays')
        network.weather = stormOf(network.calm, draws)
        return this.#after(forMs, () => void (network.weather = network.calm))
      case 'disk-slow': {
        coverage.met('disk slow')
        const delayMs = forMs * draws[0]
        this.syncDelayMs[node.number]! += delayMs
        return this.#after(forMs, () => void (this.syncDelayMs[node.number]! -= delayMs))
      }
      case 'disk-full':
        node.disk.isFull = true
        return this.#after(forMs, () => {
          node.disk.isFull = false
          this.#restart(node)
        })
      case 'bit-flip':
        return this.#damage(node, forMs)
      case 'transfer':
      case 'snapshot':
      case 'add':
      case 'remove':
        return operate(this.world, kind, node)
    }
  }

  /** A node whose write fails says nothing more and ends; it can't start before there is room. */
  #stop(node: SimNode): void {
    this.world.coverage.met('disk full')
    const { life } = node
    this.world.agenda.after(0, () => {
      if (node.life === life) node.crash(this.world.random)
    })
  }

  #damage(node: SimNode, forMs: number): void {
    const { random, coverage } = this.world
    if (!node.isUp || !this.world.mayLose()) return
    node.crash(random)
    if (!node.disk.flipBit(random)) return this.#after(forMs, () => this.#restart(node))
    coverage.met('bit flipped and detected')
    node.isLost = true
  }

  #cut(happening: Happening, node: SimNode): void {
    const { network, nodes, coverage } = this.world
    const { event, links } = linksCut(network, nodes, happening, node)
    coverage.met(event)
    for (const link of links) network.cut(link)
    this.#after(happening.forMs, () => {
      for (const link of links) network.mend(link)
    })
  }

  #restart(node: SimNode): void {
    if (!node.isUp && !node.isLost && !node.disk.isFull) node.start()
  }

  #after(ms: number, undo: () => void): void {
    this.world.agenda.after(ms, () => {
      if (!this.#isOver) undo()
    })
  }

  #targetOf({ target, draws }: Happening): SimNode {
    const { nodes } = this.world
    if (target !== 'leader') return nodes[target]!
    return this.world.leader() ?? nodes[Math.floor(draws[2] * nodes.length)]!
  }
}

const NEXT_CRASH: Happening = { id: 0, kind: 'crash-while-writing', atMs: 0, forMs: 0, target: 'leader', draws: [0, 0, 0] }
