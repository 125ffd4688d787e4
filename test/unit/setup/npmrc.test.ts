// `npm install` must work where there is no compiler: no dependency may need its install script, but the Node that set-up gets.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inRoot } from '../../../src-main/setup/places.mjs'

it('install scripts are off', () => {
  expect(readFileSync(inRoot('.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true')
})

it('no dependency but the prebuilt database and Node has one', () => {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>
  }
  const scripted = Object.keys(packages).filter((place) => packages[place]?.hasInstallScript)
  expect(scripted.filter((place) => !['node_modules/better-sqlite3', 'node_modules/node'].includes(place))).toEqual([])
})
