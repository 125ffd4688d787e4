/** What must be true of the core. A broken invariant is a bug: the process must stop before it answers anybody. */

/** A rule of Raft that does not hold any more; nothing the core says after it can be trusted. */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant'
}

/**
 * @param where node and function, e.g. `n1 follow`
 * @param what the rule that broke, with the numbers that broke it
 */
export function broken(where: string, what: string): never {
  throw new BrokenInvariant(`raft ${where}: ${what}`)
}
