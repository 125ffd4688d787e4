// Toxiproxy built from its Go module. The versions and checksums of all it needs are in resources/toxiproxy.
import fs from 'node:fs'
import path from 'node:path'
import { findOnPath } from './on-path.mjs'
import { inRoot } from './places.mjs'
import { reasonOf, run } from './run.mjs'
import { lasted } from './say.mjs'

const buildMs = 300_000

/**
 * @param {import('./sidecars.mjs').ToxiproxySidecar} sidecar
 * @param {string} to the file to make
 * @param {(line: string) => void} log
 * @returns {Promise<{ what: string, problem: string | null }>}
 */
export async function buildToxiproxy(sidecar, to, log) {
  const what = `go build ${sidecar.goPackage}`
  if (findOnPath('go') === null) return { what, problem: 'Go is not installed' }
  const sinceMs = Date.now()
  log(`building Toxiproxy ${sidecar.version} with Go (once; about half a minute)`)
  fs.mkdirSync(path.dirname(to), { recursive: true })
  const folder = fs.mkdtempSync(path.join(path.dirname(to), '.build-'))
  try {
    for (const file of ['go.mod', 'go.sum']) fs.copyFileSync(inRoot('resources', 'toxiproxy', file), path.join(folder, file))
    const draft = path.join(folder, 'server')
    const linkerFlags = `-s -w -X ${sidecar.goVersionVariable}=${sidecar.version}`
    const ended = await run('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags', linkerFlags, '-o', draft, sidecar.goPackage], {
      cwd: folder,
      // the user's workspace, flags and toolchain choice must not change what is built; a checksum that is not in go.sum is an error
      env: { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
      timeoutMs: buildMs,
    })
    if (ended.code !== 0) return { what, problem: reasonOf(ended) }
    fs.renameSync(draft, to)
    log(`built Toxiproxy in ${lasted(sinceMs)}`)
    return { what, problem: null }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
