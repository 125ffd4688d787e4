/** Harms that a node does not survive: it stops itself, or is killed in the middle of a write. No surprise, then. */
import type { Harm, HarmKind } from '@shared/run/harm'

const fatal: readonly HarmKind[] = ['disk-full', 'disk-error', 'torn-write', 'bit-flip']

export function areFatal(harms: ReadonlyMap<string, Harm>): boolean {
  return [...harms.values()].some(({ kind }) => fatal.includes(kind))
}
