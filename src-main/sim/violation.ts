/** A rule that does not hold in a simulated world; it ends the world. */

export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly kind: 'safety' | 'liveness',
    readonly invariant: string,
    detail: string,
  ) {
    super(`${invariant}: ${detail}`)
  }
}

export function violated(invariant: string, detail: string): never {
  throw new Violation('safety', invariant, detail)
}
