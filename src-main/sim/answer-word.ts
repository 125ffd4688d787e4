/** What a state machine answered, as one 32-bit word: cheap to keep a committed entry, and equal where answers are equal. */
import type { Applied } from '../node/state/machine'

export function answerWord(answer: Applied): number {
  let hash = Math.imul(answer.kind.length * 31 + answer.kind.charCodeAt(0), 0x01000193)
  if (answer.kind !== 'done') return hash
  const { index, term, prior, swapped } = answer
  for (const number of [index, term, swapped === null ? 2 : Number(swapped), prior === null ? -1 : prior.length]) {
    hash = Math.imul(hash ^ number, 0x01000193)
  }
  if (prior !== null) for (const byte of prior) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}
