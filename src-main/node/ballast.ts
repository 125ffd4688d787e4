/** Memory that a node was told to hold: taken piece by piece, so that its loop goes on, and touched, so that it is really there. */
import type { Harms } from './harms'

const PIECE_BYTES = 16 * 1024 * 1024

/** One that shrinks gives its pages back at once; any other waits for the garbage collector. */
interface Shrinking extends ArrayBuffer {
  resize(bytes: number): void
}

export function holdBallast(harms: Harms): void {
  const ballast = new Ballast(harms)
  harms.onChange(() => ballast.follow())
  ballast.follow()
}

class Ballast {
  private readonly pieces: Shrinking[] = []
  private heldBytes = 0
  private isAtWork = false

  constructor(private readonly harms: Harms) {}

  follow(): void {
    this.isAtWork ||= this.step()
  }

  /** @returns whether there is more to do: then it comes again by itself */
  private step(): boolean {
    const wantedBytes = this.harms.of('memory').reduce((sum, { bytes }) => sum + bytes, 0)
    while (this.heldBytes > wantedBytes) {
      const piece = this.pieces.pop()!
      this.heldBytes -= piece.byteLength
      piece.resize(0)
    }
    const bytes = Math.min(PIECE_BYTES, wantedBytes - this.heldBytes)
    if (bytes === 0) return false
    this.pieces.push(heldPiece(bytes))
    this.heldBytes += bytes
    setImmediate(() => (this.isAtWork = this.step()))
    return true
  }
}

function heldPiece(bytes: number): Shrinking {
  const piece: Shrinking = Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: bytes }])
  new Uint8Array(piece).fill(1)
  return piece
}
