// The manifest of programs that come from elsewhere: which version, from where, with which checksum.
import fs from 'node:fs'
import { inRoot } from './places.mjs'

/**
 * @typedef {object} ToxiproxySidecar
 * @property {string} version
 * @property {string} goPackage what `go build` is given
 * @property {string} goVersionVariable the variable that `-version` prints
 * @property {string} release address of the release asset, up to the platform's name
 * @property {Record<string, string>} sha256 hex, by platform name
 *
 * @typedef {object} ElectronStandIn
 * @property {string} version of the Electron inside
 * @property {string} platform the only one it is for
 * @property {string} npmPackage name@version
 * @property {string} sha512 base64, of the package's tarball
 * @property {string} archive the zip inside the tarball
 * @property {string} archiveFolder the folder inside the zip
 * @property {string} archiveExecutable the program inside that folder
 *
 * @typedef {{ toxiproxy: ToxiproxySidecar, electronStandIn: ElectronStandIn }} Sidecars
 */

/** @returns {Sidecars} */
export function readSidecars(file = inRoot('resources', 'sidecars.json')) {
  return parseSidecars(fs.readFileSync(file, 'utf8'), file)
}

/**
 * @param {string} text
 * @param {string} file named in errors
 * @returns {Sidecars}
 */
export function parseSidecars(text, file) {
  const manifest = JSON.parse(text)
  const problems = [
    ...problemsOf(manifest.toxiproxy, 'toxiproxy', {
      version: /^\d+\.\d+\.\d+$/,
      goPackage: /^[\w.]+\/\S+$/,
      goVersionVariable: /^\S+\.\w+$/,
      release: /^https:\/\//,
    }),
    ...problemsOf(manifest.electronStandIn, 'electronStandIn', {
      version: /^\d+\.\d+\.\d+$/,
      platform: /^\w+-\w+$/,
      npmPackage: /^(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+$/,
      sha512: /^[A-Za-z0-9+/]{86}==$/,
      archive: /\.zip$/,
      archiveFolder: /./,
      archiveExecutable: /./,
    }),
  ]
  for (const [platform, sum] of Object.entries(manifest.toxiproxy?.sha256 ?? { missing: '' }))
    if (!/^[0-9a-f]{64}$/.test(String(sum))) problems.push(`toxiproxy.sha256.${platform}`)
  if (problems.length > 0) throw new Error(`${file}: missing or malformed: ${problems.join(', ')}`)
  return manifest
}

/**
 * @param {Record<string, unknown> | undefined} section
 * @param {string} name
 * @param {Record<string, RegExp>} shape
 */
function problemsOf(section, name, shape) {
  return Object.entries(shape)
    .filter(([key, pattern]) => !pattern.test(String(section?.[key] ?? '')))
    .map(([key]) => `${name}.${key}`)
}
