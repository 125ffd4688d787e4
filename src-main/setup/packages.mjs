// What Electron needs from a Linux system that may have no desktop: which of it is missing, and how to get it.
import fs from 'node:fs'
import { findOnPath } from './on-path.mjs'
import { reasonOf, run } from './run.mjs'

/**
 * What is looked for → the Debian packages that bring it; the first that the system knows is taken (Ubuntu renamed some).
 * @type {Record<'libraries' | 'display', Record<string, string[]>>}
 */
export const needs = {
  libraries: {
    'libgtk-3.so.0': ['libgtk-3-0', 'libgtk-3-0t64'],
    'libnss3.so': ['libnss3'],
    'libasound.so.2': ['libasound2', 'libasound2t64'],
    'libgbm.so.1': ['libgbm1'],
    'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  },
  display: { 'xvfb-run': ['xvfb'], Xvfb: ['xvfb'], xauth: ['xauth'] },
}

/** @param {NodeJS.ProcessEnv} [env] @param {string} [platform] */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/**
 * @param {object} options
 * @param {boolean} options.virtualDisplay whether a virtual display is needed too
 * @returns {Promise<string[][]>} for each missing thing the packages that would bring it; empty = all is there
 */
export async function missingPackages({ virtualDisplay }) {
  if (process.platform !== 'linux') return []
  const ldconfig = findOnPath('ldconfig') ?? '/sbin/ldconfig'
  const listed = fs.existsSync(ldconfig) ? await run(ldconfig, ['-p'], { timeoutMs: 10_000 }) : null
  const libraries = listed?.code === 0 ? librariesIn(listed.stdout) : null // not told: Electron's own start will show
  const wanted = [
    ...Object.entries(needs.libraries).filter(([library]) => libraries !== null && !libraries.has(library)),
    ...Object.entries(virtualDisplay ? needs.display : {}).filter(([program]) => findOnPath(program) === null),
  ]
  const seen = new Map(wanted.map(([, packages]) => [packages.join(), packages]))
  return [...seen.values()]
}

/** @param {string} listing of `ldconfig -p` @returns {Set<string>} */
export function librariesIn(listing) {
  return new Set([...listing.matchAll(/^\s+(\S+) \(/gm)].map((match) => match[1] ?? ''))
}

/** @param {string} osRelease content of /etc/os-release */
export function isDebianLike(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => (match[1] ?? '').split(' '))
  return ids.includes('debian') || ids.includes('ubuntu')
}

/**
 * Installs where that is ours to do: as root on Debian or Ubuntu. Elsewhere it names the exact command.
 * @param {string[][]} missing as from missingPackages
 * @param {(line: string) => void} log
 * @returns {Promise<string | null>} null = installed; otherwise what to do
 */
export async function installPackages(missing, log) {
  if (missing.length === 0) return null
  const debian = fs.existsSync('/etc/os-release') && isDebianLike(fs.readFileSync('/etc/os-release', 'utf8'))
  const aptGet = debian ? findOnPath('apt-get') : null
  if (aptGet === null) return `the window needs what Debian calls ${missing.map((names) => names[0]).join(', ')}: install these with your system's packages`
  if (process.getuid?.() !== 0) {
    const names = await knownNames(missing)
    return `run: sudo apt-get install -y --no-install-recommends ${names.join(' ')}`
  }
  log(`installing Debian packages: ${missing.map((names) => names[0]).join(' ')}`)
  const install = async () => run(aptGet, installArguments(await knownNames(missing)), { env: aptEnvironment, timeoutMs: 300_000 })
  let ended = await install()
  if (ended.code !== 0) {
    await run(aptGet, ['update', '-qq'], { env: aptEnvironment, timeoutMs: 300_000 }) // the lists of a fresh system are empty or old
    ended = await install()
  }
  return ended.code === 0 ? null : `apt-get install failed: ${reasonOf(ended)}; run: apt-get update && apt-get ${installArguments(await knownNames(missing)).join(' ')}`
}

const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }

/** @param {string[]} names */
const installArguments = (names) => ['install', '-y', '-qq', '--no-install-recommends', ...names]

/** Of each group the name this system can install; the first where it can't tell. @param {string[][]} groups */
async function knownNames(groups) {
  const ended = await run('apt-cache', ['policy', ...groups.flat()], { timeoutMs: 30_000 })
  const known = installableIn(ended.stdout)
  return [...new Set(groups.map((names) => names.find((name) => known.has(name)) ?? names[0] ?? ''))]
}

/** @param {string} policy output of `apt-cache policy` @returns {Set<string>} packages that have a version to install */
export function installableIn(policy) {
  return new Set([...policy.matchAll(/^(\S+):\n(?:  .*\n)*?  Candidate: (?!\(none\))\S+/gm)].map((match) => match[1] ?? ''))
}
