/** An expected failure: what was tried, what happened, what to do. Everything else that is thrown is our bug. */

/** The public exit codes (README, "Exit codes"). */
export const EXIT = {
  held: 0,
  bug: 1,
  usage: 2,
  missing: 3,
  inconclusive: 98,
  notHeld: 99,
  canceled: 130,
} as const

export type FailureCode = 'usage' | 'missing' | 'busy' | 'not-found' | 'instrument' | 'canceled'

export class LabFailure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly remedy: string | null = null,
  ) {
    super(message)
    this.name = 'LabFailure'
  }

  get exit(): number {
    switch (this.code) {
      case 'usage':
      case 'not-found':
        return EXIT.usage
      case 'missing':
      case 'busy':
        return EXIT.missing
      case 'instrument':
        return EXIT.inconclusive
      case 'canceled':
        return EXIT.canceled
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
