/**
 * Plays every transcript of this folder on the real core and compares what came of it with what the file says.
 * UPDATE_TRANSCRIPTS=1 writes the outcomes into the files instead; read the difference before you keep it.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { play } from './language/commands'
import { Scene } from './language/scene'
import { NOTHING, commandsOf, parseTranscript, printTranscript } from './language/transcript'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))
const isUpdating = process.env['UPDATE_TRANSCRIPTS'] === '1'

/** @returns the transcript with the outcomes of this run */
function played(text: string): string {
  const scene = new Scene()
  const parts = parseTranscript(text).map((part) => {
    if (part.kind === 'prose') return part
    const outcome = commandsOf(part).flatMap(({ text: command, line }) => {
      try {
        return play(scene, command)
      } catch (error) {
        throw new Error(`line ${line}, ${command}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    })
    return { ...part, outcome: outcome.length > 0 ? outcome : [NOTHING] }
  })
  return printTranscript(parts)
}

describe('transcripts', () => {
  it.each(files)('%s', (name) => {
    const text = readFileSync(folder + name, 'utf8')
    const outcome = played(text)
    if (isUpdating && outcome !== text) writeFileSync(folder + name, outcome)
    else expect(outcome).toBe(text)
  })
})
