/** An error as a person needs it to find our bug: where it came from, not only what it says. */
export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
