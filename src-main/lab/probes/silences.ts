/**
 * How long a path was silent: something is sent on it at every beat, and what counts is when it came, over as many
 * connections as it takes. A silence ends with the first arrival after it.
 */
import type { Socket } from 'node:net'
import type { Note } from './prober'

/** One connection beats no longer: should it hang when its path carries again, the next one doesn't. */
export const BEATING_MS_MAX = 10_000
/** That a path carries is noted so often. */
const NOTE_EVERY_MS = 100

export class Silences {
  private lastMs: number | null = null
  private notedMs = -Infinity

  /** @param silentMs arrivals further apart have a silence between them; well above one beat */
  constructor(
    readonly beatMs: number,
    private readonly silentMs: number,
  ) {}

  /**
   * @param atMs ms since the run's origin, never earlier than the one before
   * @param note takes when a silence began and how long it was, ms; 0 = the path carries
   */
  arrived(atMs: number, note: Note): void {
    const sinceMs = this.lastMs === null ? 0 : atMs - this.lastMs
    if (sinceMs >= this.silentMs) {
      // the last beat before a cut was, on average, half a beat before it
      note(this.lastMs! * 1e6, sinceMs - this.beatMs / 2)
      this.notedMs = atMs
    } else if (atMs - this.notedMs >= NOTE_EVERY_MS) {
      note(atMs * 1e6, 0)
      this.notedMs = atMs
    }
    this.lastMs = atMs
  }
}

export function beat(socket: Socket, everyMs: number, what: string): void {
  const beating = setInterval(() => socket.write(what), everyMs)
  socket.on('close', () => clearInterval(beating))
}
