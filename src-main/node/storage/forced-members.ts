/**
 * An operator's word on who votes, in a file of its own: durable before the node acts on it, and for good. Each word has an
 * id, so that a node that is started again with the same word does not take it for a new one.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ForcedMembership, Term } from '../../raft/types'
import type { ForcedWord } from '../child'
import { syncFolder } from './disk'

const FILE = 'forced-members.json'

const word = z.object({ id: z.string(), term: z.number().int().positive(), voters: z.array(z.string().min(1)).min(1) })

/** @throws when there is a word that can't be read: without it this node would follow a membership that is over */
export async function readForced(dir: string): Promise<z.infer<typeof word> | null> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : word.parse(JSON.parse(text))
}

/** @param known the newest term that anything on this disk is of: the word holds from the next one on */
export async function takeForced(dir: string, { id, voters }: ForcedWord, known: Term): Promise<ForcedMembership> {
  const before = await readForced(dir)
  if (before?.id === id) return before
  const forced = { id, term: Math.max(known, before?.term ?? 0) + 1, voters }
  const path = join(dir, FILE)
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(forced))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  await syncFolder(dir)
  return forced
}
