// package-lock.json must hold for every platform and bind nobody to a registry of ours.
import { expect, it } from 'vitest'
import { lockProblems } from '../../../src-main/setup/lock-file.mjs'

it('finds an optional package beside its user, or above', () => {
  expect(
    lockProblems({
      packages: {
        '': {},
        'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-darwin': '1' } },
        'node_modules/a-linux': {},
        'node_modules/a/node_modules/a-darwin': {},
        'node_modules/a/node_modules/b': { optionalDependencies: { 'b-linux': '1' } },
        'node_modules/a/node_modules/b-linux': {},
      },
    }),
  ).toEqual([])
})

it('names an optional package that was lost, however deep its user lies', () => {
  expect(
    lockProblems({ packages: { '': {}, 'node_modules/a/node_modules/b': { optionalDependencies: { 'b-darwin': '1' } }, 'node_modules/c/node_modules/b-darwin': {} } }),
  ).toEqual(['node_modules/a/node_modules/b may need b-darwin, which has no entry'])
})

it('names an entry that is bound to a registry', () => {
  expect(
    lockProblems({ packages: { '': {}, 'node_modules/a': { resolved: 'https://npm.example.org/a.tgz' }, 'node_modules/b': { resolved: 'https://registry.npmjs.org/b.tgz' } } }),
  ).toEqual(['node_modules/a is bound to npm.example.org'])
})
