// Remembers that a download failed, so that not every start waits for the same dead network again.
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './places.mjs'

/** @param {string} what name and version of what could not be had */
const fileOf = (what) => path.join(cacheFolder(), `failed-${what}.json`)

/**
 * @param {string} what
 * @param {number} forMs how long a failure counts
 * @returns {string | null} the reason of a failure that is still fresh, and how to try again
 */
export function recentFailure(what, forMs) {
  const file = fileOf(what)
  if (!fs.existsSync(file)) return null
  const { atMs, reason } = JSON.parse(fs.readFileSync(file, 'utf8'))
  const agoMs = Date.now() - atMs
  if (agoMs < 0 || agoMs > forMs) return null
  return `${reason} (${Math.round(agoMs / 60_000)} min ago; remove ${file} to try again now)`
}

/** @param {string} what @param {string} reason */
export function rememberFailure(what, reason) {
  const draft = `${fileOf(what)}.${process.pid}`
  fs.mkdirSync(path.dirname(draft), { recursive: true })
  fs.writeFileSync(draft, JSON.stringify({ atMs: Date.now(), reason }))
  fs.renameSync(draft, fileOf(what))
}

/** @param {string} what */
export const forgetFailure = (what) => fs.rmSync(fileOf(what), { force: true })
