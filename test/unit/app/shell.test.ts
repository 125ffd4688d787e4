/** The shell's decisions: which file an address means, where a window goes, which Node runs the engine. */
import { sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { locate } from '../../../src-main/app/pages'
import { engineRuntime } from '../../../src-main/app/runtime'
import { placeWindow, SIZE_DEFAULT } from '../../../src-main/app/windowState'

describe('the custom protocol', () => {
  const root = `${sep}app${sep}renderer`
  it('serves known types from its own folder', () => {
    expect(locate('app://lab/', root)).toEqual({ path: `${root}${sep}index.html`, type: 'text/html; charset=utf-8' })
    expect(locate('app://lab/assets/a.js?v=1', root)?.type).toMatch(/javascript/)
  })
  it.each([
    'app://lab/..%2f..%2fsecret.js',
    'app://lab/secret.js%00.html',
    'app://other/index.html',
    'file:///etc/passwd',
    'app://lab/data.db',
    'app://lab/%',
    'nonsense',
  ])(
    'refuses %s',
    (address) => expect(locate(address, root)).toBeNull(),
  )
  it('is not fooled by a folder whose name merely begins the same', () => {
    expect(locate('app://lab/..%2frenderer-evil%2fx.js', root)).toBeNull()
  })
})

describe('the engine’s Node', () => {
  const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--inspect', PATH: '/bin' }
  it('is this Electron where its Node is new enough, told to be Node', () => {
    expect(engineRuntime(env, '24.11.0', '/electron', '/app')).toEqual({ execPath: '/electron', env: { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' } })
  })
  it('is the one that was named, without the switches of the surroundings', () => {
    const named = { ...env, FAULTLINE_NODE_PATH: '/my/node' }
    expect(engineRuntime(named, '20.18.0', '/electron', '/app')).toEqual({ execPath: '/my/node', env: { PATH: '/bin', FAULTLINE_NODE_PATH: '/my/node' } })
  })
  it('is missing, and said to be, where an old Electron stands alone', () => {
    expect(engineRuntime(env, '20.18.0', '/electron', '/nowhere')).toBeNull()
  })
})

describe('the window’s place', () => {
  const saved = { x: 3000, y: 100, width: 1600, height: 900, maximized: false }
  it('is the saved one only where a screen still shows it', () => {
    expect(placeWindow(saved, [{ x: 0, y: 0, width: 1920, height: 1080 }])).toEqual(SIZE_DEFAULT)
    expect(placeWindow(saved, [{ x: 1920, y: 0, width: 1920, height: 1080 }])).toMatchObject({ x: 3000, width: 1600 })
  })
})
