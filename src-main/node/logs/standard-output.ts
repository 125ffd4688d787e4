/** Where a node's log lines go: its standard output, which its engine has made a file. */
import { write, writeSync } from 'node:fs'

const FD = 1

/** A log that can't be written must not end the node: `done` comes in any case. */
export function writeOut(text: string, done: () => void): void {
  write(FD, text, () => done())
}

export function writeOutNow(text: string): void {
  try {
    writeSync(FD, text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') process.stderr.write(`log: ${String(error)}\n`)
  }
}
