/** Which node the client takes for the leader. All operations share one belief; each corrects it only where it still stands. */

export interface LeaderBelief {
  /** index of the node to ask */
  current(): number
  /** a 421 of `asked` named `leader`, an id, in `term` */
  named(asked: number, leader: string, term: number): number | null
  /** the attempt at `asked` ended without a leader's name: the next operation tries the next node */
  gaveUp(asked: number): void
}

/** @param ids node ids in the order they are tried */
export function createLeaderBelief(ids: readonly string[]): LeaderBelief {
  let believed = 0
  let newestTerm = 0
  const gaveUp = (asked: number): void => {
    // a hundred operations die with one leader: only the first of them moves on
    if (asked === believed) believed = (believed + 1) % ids.length
  }
  return {
    current: () => believed,
    named(asked, leader, term) {
      const index = ids.indexOf(leader)
      if (index === -1 || index === asked) {
        gaveUp(asked) // no such node, or one that sends its asker in a circle: as good as no name
        return null
      }
      // an old answer that comes in late must not undo what a newer term has taught
      if (term >= newestTerm) {
        newestTerm = term
        believed = index
      }
      return index
    },
    gaveUp,
  }
}
