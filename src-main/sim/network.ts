/**
 * Directed links between nodes, each for itself: delay, loss, replays, cuts and clogs. Delays are drawn a message, so
 * that messages overtake each other; a real link of ours keeps its order, hence this is harsher than what the core meets.
 */
import type { Agenda } from './agenda'

export interface Weather {
  /** one way, uniform */
  delayMs: readonly [number, number]
  /** 0…1, a message */
  loss: number
  /** 0…1: how many messages come a second time, up to `replayMs` later */
  replays: number
  replayMs: number
}

export interface NetworkEvents {
  lost(): void
  cutOff(): void
  replayed(): void
  clogged(): void
  overtaken(): void
}

export class Network {
  weather: Weather
  /** how many faults cut a link now: they may overlap */
  readonly #cuts: Uint8Array
  /** a clogged link delivers nothing before this moment, and then everything */
  readonly #clogUntilMs: Float64Array
  /** latest arrival promised so far on a link */
  readonly #lastArrivalMs: Float64Array

  constructor(
    private readonly agenda: Agenda,
    private readonly random: () => number,
    private readonly nodes: number,
    readonly calm: Weather,
    private readonly events: NetworkEvents,
  ) {
    this.weather = calm
    this.#cuts = new Uint8Array(nodes * nodes)
    this.#clogUntilMs = new Float64Array(nodes * nodes)
    this.#lastArrivalMs = new Float64Array(nodes * nodes)
  }

  link(from: number, to: number): number {
    return from * this.nodes + to
  }

  cut(link: number): void {
    this.#cuts[link]!++
  }

  mend(link: number): void {
    if (this.#cuts[link]! > 0) this.#cuts[link]!--
  }

  clog(link: number, untilMs: number): void {
    this.#clogUntilMs[link] = Math.max(this.#clogUntilMs[link]!, untilMs)
  }

  /** Nothing is lost any more, and delays leave room for an election that needs every vote. */
  heal(): void {
    const [min, max] = this.calm.delayMs
    this.weather = { delayMs: [min / 4, max / 4], loss: 0, replays: 0, replayMs: 0 }
    this.#cuts.fill(0)
    this.#clogUntilMs.fill(0)
  }

  /** `deliver` runs when the message arrives, once, twice or never. */
  send(link: number, deliver: () => void): void {
    const { loss, replays, replayMs } = this.weather
    if (loss > 0 && this.random() < loss) return this.events.lost()
    this.#arrive(link, this.#delayMs(), deliver)
    if (replays > 0 && this.random() < replays) {
      this.events.replayed()
      this.#arrive(link, this.random() * replayMs, deliver)
    }
  }

  #arrive(link: number, delayMs: number, deliver: () => void): void {
    const { nowMs } = this.agenda
    let atMs = nowMs + delayMs
    if (this.#clogUntilMs[link]! > nowMs) {
      this.events.clogged()
      atMs = this.#clogUntilMs[link]! + delayMs
    }
    if (atMs < this.#lastArrivalMs[link]!) this.events.overtaken()
    else this.#lastArrivalMs[link] = atMs
    this.agenda.at(atMs, () => {
      if (this.#cuts[link]! > 0) this.events.cutOff()
      else deliver()
    })
  }

  #delayMs(): number {
    const [min, max] = this.weather.delayMs
    return min + this.random() * (max - min)
  }
}
