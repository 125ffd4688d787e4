/** All client groups of a load: one clock, one outbox, one count of the seconds; each group has its own open loop. */
import type { LoadChange } from '@shared/run/load-change'
import { createClient } from './client'
import type { GroupReading, WorkloadConfig } from './child'
import { Generator, type Totals } from './generator'
import type { Outbox } from './outbox'
import { Seconds } from './seconds'

export class Groups {
  private readonly generators: Map<string, Generator>
  private readonly seconds = new Seconds()
  /** load ends here, ns since load start: planned, or earlier when stopped */
  private endNs: number

  /** @param now ns since load start */
  constructor(
    config: WorkloadConfig,
    private readonly outbox: Outbox,
    private readonly now: () => number,
  ) {
    const { seed, durationMs, groups } = config
    this.endNs = durationMs * 1e6
    const generatorOf = (group: WorkloadConfig['groups'][number]): Generator => {
      const client = createClient(group.nodes, group.load.client, now)
      return new Generator(seed, durationMs, group, client, this.seconds, outbox, now)
    }
    this.generators = new Map(groups.map((group) => [group.load.name, generatorOf(group)]))
  }

  /** Sends everything whose time has come. @returns when the next request is due, ns since load start; null = no more */
  sendDue(): number | null {
    let nextNs: number | null = null
    for (const generator of this.each()) {
      generator.sendDue()
      const ownNs = generator.nextNs()
      if (ownNs !== null && (nextNs === null || ownNs < nextNs)) nextNs = ownNs
    }
    return nextNs
  }

  /** @returns why not, or null */
  change(group: string, id: string, change: LoadChange | null): string | null {
    const generator = this.generators.get(group)
    if (!generator) return `there is no client group ${group}`
    generator.change(id, change)
    return null
  }

  stop(): void {
    for (const generator of this.each()) generator.stop()
    this.endNs = Math.min(this.endNs, Math.max(0, this.now()))
  }

  /** Hands the seconds to the outbox that are complete by now. @returns whether everything intended is settled */
  closeSeconds(): boolean {
    const due = this.each().flatMap((generator) => generator.nextNs() ?? [])
    // before the end a faster rate may still bring requests, and the last second may be a part of one
    const isOver = due.length === 0 && this.now() >= this.endNs
    const untilNs = isOver ? Math.ceil(this.endNs / 1e9) * 1e9 : Math.min(...due, this.now())
    this.outbox.addIntervals(this.seconds.takeFull(untilNs))
    return isOver && this.each().every((generator) => generator.isDone())
  }

  /** Of this moment. */
  reading(): { atNs: number; inFlight: number; overdue: number; groups: GroupReading[] } {
    const groups = this.each().map((generator) => generator.reading())
    const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)
    return { atNs: this.now(), inFlight: sum(groups.map(({ inFlight }) => inFlight)), overdue: sum(this.each().map((generator) => generator.overdue())), groups }
  }

  totals(): Totals {
    const all = this.each().map(({ totals }) => totals)
    return all.reduce((sum, { intended, notSent }) => ({ intended: sum.intended + intended, notSent: sum.notSent + notSent }))
  }

  close(): void {
    for (const generator of this.each()) generator.close()
  }

  private each(): Generator[] {
    return [...this.generators.values()]
  }
}
