// A build is current exactly as long as its sources have the same content and its files are all there.
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isBuilt, sourcesHash, stampBuilt, unstamp } from '../../../src-main/setup/sources.mjs'

let checkout: string
const write = (path: string, content: string): void => {
  mkdirSync(join(checkout, path, '..'), { recursive: true })
  writeFileSync(join(checkout, path), content)
}
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'faultline-sources-'))
  write('package.json', '{}')
  write('src-main/app/main.ts', 'one')
  write('src-shared/plan/plan.ts', 'two')
  write('out/main/app.js', 'built')
  stampBuilt(sourcesHash(checkout), checkout)
})
afterEach(() => rmSync(checkout, { recursive: true }))
const isCurrent = (): boolean => isBuilt(sourcesHash(checkout), checkout)

it('is current when nothing changed, nor when only times did', () => {
  expect(isCurrent()).toBe(true)
  utimesSync(join(checkout, 'src-main/app/main.ts'), 2_000_000_000, 2_000_000_000)
  expect(isCurrent()).toBe(true)
})

it.each([
  ['a file changed', () => write('src-main/app/main.ts', 'eno')],
  ['a file came', () => write('src-renderer/App.vue', '')],
  ['a file went', () => rmSync(join(checkout, 'src-shared/plan/plan.ts'))],
  ['a file was renamed', () => renameSync(join(checkout, 'src-main/app/main.ts'), join(checkout, 'src-main/app/other.ts'))],
  ['a dependency changed', () => write('package-lock.json', '{}')],
  ['a built file went', () => rmSync(join(checkout, 'out/main/app.js'))],
  ['a built file was cut short', () => write('out/main/app.js', 'bu')],
  ['a build began', () => unstamp(checkout)],
])('is not current after %s', (_what, change) => {
  change()
  expect(isCurrent()).toBe(false)
})

it('stays current when only a README changed', () => {
  write('src-main/app/README.md', 'words')
  expect(isCurrent()).toBe(true)
})

it('has nothing built in a fresh checkout', () => {
  rmSync(join(checkout, 'out'), { recursive: true })
  expect(isCurrent()).toBe(false)
})
