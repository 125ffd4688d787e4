// Downloads one file whose checksum is known. What does not match is never left on the disk under its name.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * @param {string} url
 * @param {string} to the file, in an existing folder; replaced in one step
 * @param {object} expected
 * @param {string} expected.sha256 hex
 * @param {number} expected.answerMs until the server has answered
 * @param {number} expected.totalMs until the last byte
 * @returns {Promise<string | null>} null when it is there; otherwise why not
 */
export async function download(url, to, { sha256, answerMs, totalMs }) {
  const stop = new AbortController()
  const answerDeadline = setTimeout(() => stop.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
  const totalDeadline = setTimeout(() => stop.abort(new Error(`not done within ${totalMs / 1000} s`)), totalMs)
  try {
    const answer = await fetch(url, { signal: stop.signal })
    clearTimeout(answerDeadline)
    if (!answer.ok) return `answered ${answer.status}`
    const bytes = Buffer.from(await answer.arrayBuffer())
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== sha256) return `has sha256 ${found}, not ${sha256}`
    const draft = path.join(path.dirname(to), `.${path.basename(to)}.${process.pid}`)
    fs.writeFileSync(draft, bytes, { mode: 0o755 })
    fs.renameSync(draft, to)
    return null
  } catch (error) {
    return messageOf(error)
  } finally {
    clearTimeout(answerDeadline)
    clearTimeout(totalDeadline)
  }
}

/** fetch hides the reason ("fetch failed") in a cause. @param {unknown} error */
function messageOf(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
