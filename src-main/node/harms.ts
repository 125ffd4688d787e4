/** The harms that this node was told to suffer. Who can cause one asks here, at the moment it would show. */
import { harm as harmSchema, type Harm, type HarmKind, type HarmOf } from '@shared/run/harm'

/** What one timer can wait; longer waits take several. */
const WAIT_MS_MAX = 1_000_000

export class Harms {
  private readonly inForce = new Map<string, { harm: Harm; sinceMs: number }>()
  private readonly listeners = new Set<() => void>()

  constructor(atStart: Readonly<Record<string, Harm>> = {}) {
    for (const [id, harm] of Object.entries(atStart)) this.inForce.set(id, { harm, sinceMs: performance.now() })
  }

  /** Takes an order: a harm, or null to end it. @returns what is wrong with it, or null */
  take(id: string, order: unknown): string | null {
    if (order === null) {
      this.inForce.delete(id)
    } else {
      const parsed = harmSchema.safeParse(order)
      if (!parsed.success) return `no such harm: ${parsed.error.message}`
      this.inForce.set(id, { harm: parsed.data, sinceMs: performance.now() })
    }
    for (const changed of [...this.listeners]) changed()
    return null
  }

  /** @returns those of a kind that are in force now, each with the `performance.now()` since which it is, in this process */
  of<K extends HarmKind>(kind: K): (HarmOf<K> & { sinceMs: number })[] {
    return [...this.inForce.values()].flatMap(({ harm, sinceMs }) => (isOf(harm, kind) ? [{ ...harm, sinceMs }] : []))
  }

  has(kind: HarmKind): boolean {
    return this.of(kind).length > 0
  }

  /** For those that act by themselves: called after each order. */
  onChange(changed: () => void): void {
    this.listeners.add(changed)
  }

  /** Waits as long as the harms in force ask for. @param leftMs how much longer, by what is in force now; asked again after each order */
  async wait(leftMs: () => number): Promise<void> {
    for (let left = leftMs(); left > 0; left = leftMs()) {
      const ms = Math.min(left, WAIT_MS_MAX)
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          clearTimeout(timer)
          this.listeners.delete(goOn)
          resolve()
        }
        const timer = setTimeout(goOn, ms)
        this.listeners.add(goOn)
      })
    }
  }
}

function isOf<K extends HarmKind>(harm: Harm, kind: K): harm is HarmOf<K> {
  return harm.kind === kind
}
