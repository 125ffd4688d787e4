/**
 * The far end of a probing connection: the lab dials a peer listener through the same proxy as the peer does, and hears
 * of each read when it came and how many bytes had come by then. So what the link does can be told from what nodes do.
 */

/** who says hello on it; no node is called so */
export const PROBE = '*'
/** moment of the read on the run's clock, ms, and bytes of this connection so far: two doubles */
const ANSWER_BYTES = 16

export interface ProbeAnswer {
  arrivedMs: number
  bytes: number
}

export function encodeProbeAnswer({ arrivedMs, bytes }: ProbeAnswer): Buffer {
  const answer = Buffer.allocUnsafe(ANSWER_BYTES)
  answer.writeDoubleLE(arrivedMs, 0)
  answer.writeDoubleLE(bytes, 8)
  return answer
}

/** Takes the bytes of one connection as they come and gives whole answers. */
export class ProbeAnswers {
  private waiting = Buffer.alloc(0)

  push(chunk: Buffer): ProbeAnswer[] {
    this.waiting = Buffer.concat([this.waiting, chunk])
    const answers: ProbeAnswer[] = []
    let at = 0
    for (; this.waiting.length - at >= ANSWER_BYTES; at += ANSWER_BYTES) {
      answers.push({ arrivedMs: this.waiting.readDoubleLE(at), bytes: this.waiting.readDoubleLE(at + 8) })
    }
    this.waiting = this.waiting.subarray(at)
    return answers
  }
}
