/**
 * What chance makes of each frame to one peer while a fault on frames is in force. It is drawn here, in the sender,
 * because what lies between two ends of a TCP connection can lose no single message.
 */
import type { HarmOf } from '@shared/run/harm'
import { seededRandom } from '@shared/stats/random'

/** `late`: to be overtaken by the next one */
export type Fate = 'sent' | 'lost' | 'twice' | 'late'

/** @returns draws the fate of the next frame; null when nothing is done to frames to this peer */
export function frameFate(harms: readonly HarmOf<'frames'>[], self: string, peer: string): (() => Fate) | null {
  const draws = harms.filter(({ to }) => to.includes(peer)).map((harm) => drawOf(harm, `frames/${self}->${peer}`))
  if (draws.length === 0) return null
  return () => {
    let fate: Fate = 'sent'
    // each draws for each frame, so that one fault's sequence does not depend on another
    for (const draw of draws) {
      const drawn = draw()
      if (fate === 'sent') fate = drawn
    }
    return fate
  }
}

function drawOf({ loss, duplicate, reorder, seed }: HarmOf<'frames'>, stream: string): () => Fate {
  const random = seededRandom(seed, stream)
  return () => {
    const at = random()
    if (at < loss) return 'lost'
    if (at < loss + duplicate) return 'twice'
    return at < loss + duplicate + reorder ? 'late' : 'sent'
  }
}
