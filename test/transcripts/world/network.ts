/** What is on its way. It arrives when the script says so; a cut link loses what is on it and what is sent into it. */
import type { Message, NodeId, Term } from '../../../src-main/raft/types'
import type { Snapshot } from './disk'

/** A snapshot travels beside the core's messages, whole. */
export interface SnapshotStream extends Snapshot {
  type: 'snapshot'
  from: NodeId
  to: NodeId
  /** of the leader that sends it */
  term: Term
}

export type Parcel = Message | SnapshotStream

/** A set of directed links, e.g. `n1->*`. */
export type Links = (from: NodeId, to: NodeId) => boolean

interface Flight {
  parcel: Parcel
  /** when it would arrive by itself while time runs */
  arrivesMs: number
}

export class Network {
  /** one way */
  delayMs = 5
  #flights: Flight[] = []
  readonly #cuts = new Set<string>()
  readonly #aside = new Map<string, Parcel[]>()

  /** @param onLost told of each parcel that will never arrive */
  constructor(readonly onLost: (parcel: Parcel) => void) {}

  send(parcel: Parcel, nowMs: number): void {
    if (this.#cuts.has(`${parcel.from}->${parcel.to}`)) this.onLost(parcel)
    else this.#flights.push({ parcel, arrivesMs: nowMs + this.delayMs })
  }

  /** @returns oldest first */
  on(links: Links): Parcel[] {
    return this.#flights.map(({ parcel }) => parcel).filter(({ from, to }) => links(from, to))
  }

  /** @returns the oldest one on these links, taken off them */
  takeFirst(links: Links): Parcel | null {
    const at = this.#flights.findIndex(({ parcel }) => links(parcel.from, parcel.to))
    return at < 0 ? null : this.#flights.splice(at, 1)[0]!.parcel
  }

  /** @returns when the next one on these links arrives by itself; never is Infinity */
  nextMs(links: Links): number {
    const flights = this.#flights.filter(({ parcel }) => links(parcel.from, parcel.to))
    return Math.min(Infinity, ...flights.map(({ arrivesMs }) => arrivesMs))
  }

  /** @returns how many were lost */
  drop(links: Links): number {
    const lost = this.#takeAll(links)
    for (const parcel of lost) this.onLost(parcel)
    return lost.length
  }

  cut(from: NodeId, to: NodeId): void {
    this.#cuts.add(`${from}->${to}`)
    this.drop((a, b) => a === from && b === to)
  }

  heal(): void {
    this.#cuts.clear()
  }

  /** Keeps what is on these links for later, under a name. @returns how many these are */
  hold(name: string, links: Links): number {
    const held = this.#takeAll(links)
    this.#aside.set(name, held)
    return held.length
  }

  /** Sends what was held once more; a second time makes duplicates. */
  release(name: string, nowMs: number): void {
    const held = this.#aside.get(name)
    if (!held) throw new Error(`nothing is held as ${name}`)
    for (const parcel of held) this.send(parcel, nowMs)
  }

  #takeAll(links: Links): Parcel[] {
    const taken = this.on(links)
    this.#flights = this.#flights.filter(({ parcel }) => !links(parcel.from, parcel.to))
    return taken
  }
}
