/** Why a history is not linearizable, small enough to be read: what the check, the report and the window show. */
import type { Operation } from './operation'

export interface Violation {
  key: string
  /**
   * A few operations of the key that no order explains, by ascending start. All else was left out because it plays no
   * part, also a `prior` of these; an answer that came after the moment of the violation counts as open.
   */
  operations: Operation[]
  /** the most of `operations` that one order explains, as positions in it; ends where nothing that is left fits */
  longest_order: number[]
  /** where they were found: the shortest stretch of the key's operations, from load start, that no order explains */
  prefix: { operations: number; until_ns: number }
}
