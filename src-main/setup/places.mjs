// Where things are: the checkout, the manifest of sidecars, and the cache that outlives node_modules.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. Found upwards, because this file also runs from inside a bundle in out/. */
export const root = findRoot(path.dirname(fileURLToPath(import.meta.url)))

/** @param {...string} parts */
export const inRoot = (...parts) => path.join(root, ...parts)

/**
 * The folder for what is downloaded or built once a machine.
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform] as process.platform
 * @param {string} [home]
 */
export function cacheFolder(env = process.env, platform = process.platform, home = os.homedir()) {
  if (env['XDG_CACHE_HOME'] && path.isAbsolute(env['XDG_CACHE_HOME'])) return path.join(env['XDG_CACHE_HOME'], 'faultline')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'faultline')
  if (platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'faultline', 'Cache')
  return path.join(home, '.cache', 'faultline')
}

/**
 * This machine in the words of the release assets, such as linux-amd64.
 * @param {string} [platform] as process.platform
 * @param {string} [arch] as process.arch
 */
export function platformName(platform = process.platform, arch = process.arch) {
  return `${platform === 'win32' ? 'windows' : platform}-${arch === 'x64' ? 'amd64' : arch}`
}

/** @param {string} from */
function findRoot(from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json')
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file, 'utf8')).name === 'faultline') return folder
    if (folder === path.dirname(folder)) throw new Error(`no package.json of faultline above ${from}`)
  }
}
