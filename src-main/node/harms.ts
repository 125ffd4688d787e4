/** The harms that this node was told to suffer. Who can cause one asks here, at the moment it would show. */
import { harm as harmSchema, type Harm, type HarmKind, type HarmOf } from '@shared/run/harm'

export class Harms {
  private readonly inForce = new Map<string, Harm>()
  private readonly listeners: (() => void)[] = []

  constructor(atStart: Readonly<Record<string, Harm>> = {}) {
    for (const [id, harm] of Object.entries(atStart)) this.inForce.set(id, harm)
  }

  /** Takes an order: a harm, or null to end it. @returns what is wrong with it, or null */
  take(id: string, order: unknown): string | null {
    if (order === null) {
      this.inForce.delete(id)
    } else {
      const parsed = harmSchema.safeParse(order)
      if (!parsed.success) return `no such harm: ${parsed.error.message}`
      this.inForce.set(id, parsed.data)
    }
    for (const changed of this.listeners) changed()
    return null
  }

  /** @returns those of a kind that are in force now */
  of<K extends HarmKind>(kind: K): HarmOf<K>[] {
    return [...this.inForce.values()].filter((harm): harm is HarmOf<K> => harm.kind === kind)
  }

  /** For those that act by themselves: called after each order. */
  onChange(changed: () => void): void {
    this.listeners.push(changed)
  }
}
