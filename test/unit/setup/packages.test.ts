// What a headless machine lacks, read from what the system says.
import { describe, expect, it } from 'vitest'
import { hasDisplay, installableIn, isDebianLike, librariesIn } from '../../../src-main/setup/packages.mjs'

it('reads the libraries that the loader knows', () => {
  const listing = '412 libs found in cache\n\tlibgtk-3.so.0 (libc6,x86-64) => /lib/libgtk-3.so.0\n\tlibnss3.so (libc6,x86-64) => /lib/libnss3.so\n'
  expect(librariesIn(listing)).toEqual(new Set(['libgtk-3.so.0', 'libnss3.so']))
})

it('knows Debian and what descends from it', () => {
  expect(isDebianLike('NAME="Debian GNU/Linux"\nID=debian\n')).toBe(true)
  expect(isDebianLike('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true)
  expect(isDebianLike('ID=fedora\nNAME="not debian"\n')).toBe(false)
})

it('takes only packages that have a version to install', () => {
  const policy =
    'libasound2:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n' +
    'libasound2t64:\n  Installed: (none)\n  Candidate: 1.2.11-1\n  Version table:\n     1.2.11-1 500\n'
  expect(installableIn(policy)).toEqual(new Set(['libasound2t64']))
})

describe('a display', () => {
  it('is there on a desktop', () => {
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'darwin')).toBe(true)
  })
  it('is missing on a server', () => {
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false)
  })
})
