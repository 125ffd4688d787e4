/** The newest value of each key that this generator has seen: what a cas expects to find. */
import type { OperationRecord } from '@shared/run/operation'

export class LastSeen {
  private readonly byKey = new Map<string, { index: number; value: string | null }>()

  /** null: absent, or never seen */
  value(key: string): string | null {
    return this.byKey.get(key)?.value ?? null
  }

  note(operation: OperationRecord): void {
    if (operation.outcome !== 'ok') return
    const { key, index = 0 } = operation
    if (index < (this.byKey.get(key)?.index ?? 0)) return // answers overtake each other; the log index doesn't lie
    this.byKey.set(key, { index, value: valueAfter(operation) })
  }
}

function valueAfter({ op, value = '', result = null, prior = null, swapped }: OperationRecord): string | null {
  switch (op) {
    case 'get':
      return result
    case 'put':
      return value
    case 'delete':
      return null
    case 'cas':
      return swapped ? value : prior
    case 'append':
      return (prior ?? '') + value
  }
}
