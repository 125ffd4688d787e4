// Which Node, Toxiproxy and Electron will do.
import { describe, expect, it } from 'vitest'
import { executableIn } from '../../../src-main/setup/electron-version.mjs'
import { nodeProblem } from '../../../src-main/setup/node-version.mjs'
import { isNewEnough, versionIn } from '../../../src-main/setup/toxiproxy-version.mjs'

describe('the Node check', () => {
  it('passes 24 and later', () => {
    expect(nodeProblem('v24.0.0')).toBeNull()
    expect(nodeProblem('v100.1.0')).toBeNull()
  })
  it.each(['v20.20.2', 'v23.99.0', 'v9.0.0', 'unknown'])('names the remedy for %s', (version) => {
    expect(nodeProblem(version)).toContain('npm rebuild node')
    expect(nodeProblem(version)).toContain(version)
  })
})

describe("a Toxiproxy's version", () => {
  it('is read from what the server says', () => {
    expect(versionIn('toxiproxy-server version 2.12.0\n')).toBe('2.12.0')
    expect(versionIn('toxiproxy-server version git\n')).toBe('git')
  })
  it.each(['', '2.12.0', 'toxiproxy-cli version 2.12.0', 'toxiproxy-server version', 'version 2.12.0'])('is not read from %j', (output) => {
    expect(versionIn(output)).toBeNull()
  })
  it.each([
    ['2.12.0', true],
    ['2.12.1', true],
    ['2.13.0', true],
    ['2.100.0', true],
    ['2.11.9', false],
    ['2.9.0', false],
    ['3.0.0', false],
    ['1.99.0', false],
    ['git', false],
    ['2.13.0-rc1', false],
  ])('%s is taken for 2.12.0: %s', (version, taken) => {
    expect(isNewEnough(version, '2.12.0')).toBe(taken)
  })
})

describe("Electron's program", () => {
  it('lies where each platform has it', () => {
    expect(executableIn('/dist', 'linux')).toBe('/dist/electron')
    expect(executableIn('/dist', 'darwin')).toBe('/dist/Electron.app/Contents/MacOS/Electron')
    expect(executableIn('/dist', 'win32')).toMatch(/electron\.exe$/)
  })
})
