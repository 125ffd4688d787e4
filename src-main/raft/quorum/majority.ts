/**
 * Majority arithmetic on plain values; knows no node and no message. A joint configuration (Raft §6) will be the
 * minimum over two of these.
 */

/** @returns how many of `voters` make a majority */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/**
 * The highest value that a majority has reached: commit index from match indexes, acknowledged round from rounds,
 * last contact from contact times.
 *
 * @param values one a voter, the own one included; sorted in place
 */
export function reachedByMajority(values: number[]): number {
  values.sort((a, b) => b - a)
  return values[majorityOf(values.length) - 1] ?? 0
}

/** @returns whether a ballot is decided: won by a majority of yes, lost once a majority of yes can't come any more */
export function ballotResult(voters: number, granted: number, refused: number): 'won' | 'lost' | 'open' {
  if (granted >= majorityOf(voters)) return 'won'
  return voters - refused < majorityOf(voters) ? 'lost' : 'open'
}
