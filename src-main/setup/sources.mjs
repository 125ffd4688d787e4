// What was built, from which sources: a stamp in out/ tells whether a build is current, by content and not by time.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { root } from './places.mjs'

/** All that a build depends on. */
const sources = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'electron.vite.config.ts',
  'src-main',
  'src-renderer',
  'src-shared',
  'resources',
]

const ignored = /(^|[\\/])(\.|README\.md$)/

/**
 * @param {string} [checkout]
 * @returns {string} changes with the content and the names of the sources, and with nothing else
 */
export function sourcesHash(checkout = root) {
  const hash = createHash('sha256')
  for (const source of sources)
    for (const file of filesIn(checkout, source)) {
      const content = fs.readFileSync(path.join(checkout, file))
      hash.update(`${file.split(path.sep).join('/')}\0${content.length}\0`).update(content)
    }
  return hash.digest('hex')
}

/**
 * @param {string} hash of the sources
 * @param {string} [checkout]
 * @returns {boolean} false also where a built file has gone or has another size
 */
export function isBuilt(hash, checkout = root) {
  const file = stampFile(checkout)
  if (!fs.existsSync(file)) return false
  const stamp = JSON.parse(fs.readFileSync(file, 'utf8'))
  if (stamp.hash !== hash) return false
  return Object.entries(stamp.files).every(
    ([built, size]) => fs.statSync(path.join(checkout, built), { throwIfNoEntry: false })?.size === size,
  )
}

/** Says that out/ holds what these sources give. @param {string} hash @param {string} [checkout] */
export function stampBuilt(hash, checkout = root) {
  const built = filesIn(checkout, 'out').map((file) => [file, fs.statSync(path.join(checkout, file)).size])
  const draft = `${stampFile(checkout)}.${process.pid}`
  fs.writeFileSync(draft, JSON.stringify({ hash, files: Object.fromEntries(built) }))
  fs.renameSync(draft, stampFile(checkout))
}

/** From now on out/ is not current, whatever becomes of the build. @param {string} [checkout] */
export const unstamp = (checkout = root) => fs.rmSync(stampFile(checkout), { force: true })

/** @param {string} checkout */
const stampFile = (checkout) => path.join(checkout, 'out', '.built.json')

/**
 * @param {string} checkout
 * @param {string} entry a file or folder in it, which may be missing
 * @returns {string[]} files, in a fixed order
 */
function filesIn(checkout, entry) {
  if (ignored.test(entry)) return []
  const stat = fs.statSync(path.join(checkout, entry), { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory()) return [entry]
  const names = fs.readdirSync(path.join(checkout, entry)).sort()
  return names.flatMap((name) => filesIn(checkout, path.join(entry, name)))
}
