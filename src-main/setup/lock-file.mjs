/**
 * Checks package-lock.json. npm silently leaves platform packages out of it when its registry lacks them, and an
 * install then fails on another platform; and an entry with a registry's address binds everybody to that registry.
 */
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
import { inRoot } from './places.mjs'

/**
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string>, resolved?: string }> }} lock
 * @returns {string[]} one line a problem
 */
export function lockProblems({ packages }) {
  const problems = []
  for (const [place, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {}))
      if (!isFound(packages, place, name)) problems.push(`${place || 'the project'} may need ${name}, which has no entry`)
    const host = /^https?:\/\/([^/]+)/.exec(entry.resolved ?? '')?.[1]
    if (host !== undefined && host !== 'registry.npmjs.org') problems.push(`${place} is bound to ${host}`)
  }
  return problems
}

/** Looks where Node would: in each node_modules from the package upwards. @param {object} packages @param {string} from @param {string} name */
function isFound(packages, from, name) {
  for (let place = from; ; ) {
    if (`${place === '' ? '' : `${place}/`}node_modules/${name}` in packages) return true
    if (place === '') return false
    const above = place.lastIndexOf('/node_modules/')
    place = above < 0 ? '' : place.slice(0, above)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lock = JSON.parse(fs.readFileSync(inRoot('package-lock.json'), 'utf8'))
  const problems = lockProblems(lock)
  for (const problem of problems) process.stdout.write(`package-lock.json: ${problem}\n`)
  process.stdout.write(`package-lock.json: ${Object.keys(lock.packages).length} packages, ${problems.length} problems\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
