// The manifest of programs from elsewhere, and where they are kept.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cacheFolder, inRoot, platformName } from '../../../src-main/setup/places.mjs'
import { parseSidecars, readSidecars } from '../../../src-main/setup/sidecars.mjs'

describe('the sidecar manifest', () => {
  it('agrees with the Go module that is built where no release can be had', () => {
    const { toxiproxy } = readSidecars()
    expect(readFileSync(inRoot('resources', 'toxiproxy', 'go.mod'), 'utf8')).toContain(
      `require github.com/Shopify/toxiproxy/v2 v${toxiproxy.version}\n`,
    )
    expect(toxiproxy.release).toContain(`/v${toxiproxy.version}/`)
  })
  it('names what is missing or malformed', () => {
    const manifest = JSON.parse(readFileSync(inRoot('resources', 'sidecars.json'), 'utf8'))
    manifest.toxiproxy.sha256['linux-amd64'] = 'abc'
    delete manifest.electronStandIn.sha512
    manifest.toxiproxy.version = 'latest'
    expect(() => parseSidecars(JSON.stringify(manifest), 'sidecars.json')).toThrow(
      'sidecars.json: missing or malformed: toxiproxy.version, electronStandIn.sha512, toxiproxy.sha256.linux-amd64',
    )
    expect(() => parseSidecars('{}', 'sidecars.json')).toThrow('toxiproxy.sha256.missing')
  })
})

describe('the cache', () => {
  it('follows XDG_CACHE_HOME, unless that is relative', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux', '/home/a')).toBe('/c/faultline')
    expect(cacheFolder({ XDG_CACHE_HOME: 'c' }, 'linux', '/home/a')).toBe('/home/a/.cache/faultline')
  })
  it('is the platform\'s own elsewhere', () => {
    expect(cacheFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Caches/faultline')
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32', '/Users/a')).toBe('/local/faultline/Cache')
  })
})

it('names platforms as the release assets do', () => {
  expect(platformName('linux', 'x64')).toBe('linux-amd64')
  expect(platformName('darwin', 'arm64')).toBe('darwin-arm64')
  expect(platformName('win32', 'x64')).toBe('windows-amd64')
})
