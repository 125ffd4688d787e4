/** The nearest right word for a wrong one, or null where nothing is near enough to be worth saying. */

/** @returns the candidate with the smallest edit distance, at most a third of the word's length (at least 1, 2 from 4 letters on) */
export function nearestWord(wrong: string, words: readonly string[]): string | null {
  const word = wrong.slice(0, LONGEST_WORD).toLowerCase()
  const reach = Math.max(word.length >= 4 ? 2 : 1, Math.floor(word.length / 3))
  let best: string | null = null
  let bestDistance = reach + 1
  for (const candidate of words) {
    const distance = editDistance(word, candidate.toLowerCase())
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Nothing we look for is longer; bounds the table for hostile input. */
const LONGEST_WORD = 64

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(change, above[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length]!
}

/** Nearness says nothing among `n1`, `n2`, …: a node of a cluster that is too small gets no suggestion. */
export function nearestNode(text: string, words: readonly string[]): string | null {
  return /^n\d+$/.test(text) ? null : nearestWord(text, words)
}
