// The rules of `npm run lint` see each kind of violation, in a tree that has one of each and is clean otherwise.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRoot } from '../../../src-main/setup/places.mjs'

let tree: string
const plant = (files: Record<string, string>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), content)
  }
}
const run = (script: string, args: string[]): { output: string; code: number | null } => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [inRoot('node_modules', script), ...args, 'src-shared', 'src-main', 'src-renderer'], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, FAULTLINE_LINT_ROOT: tree },
  })
  return { output: stdout + stderr, code: status }
}
const cruise = (): { output: string; code: number | null } =>
  run('dependency-cruiser/bin/dependency-cruiser.mjs', ['--config', inRoot('test', 'dependency-cruiser.cjs')])
const lint = (): { output: string; code: number | null } =>
  run('oxlint/bin/oxlint', ['--config', inRoot('test', 'oxlint.json'), '--deny-warnings', '--format', 'unix'])

const clean = {
  'package.json': '{"name": "tree", "type": "module", "devDependencies": {"electron": "1", "better-sqlite3": "1", "zod": "4", "vue": "3"}}',
  'tsconfig.json': '{"compilerOptions": {"module": "ESNext", "moduleResolution": "bundler", "paths": {"@shared/*": ["./src-shared/*"]}}}',
  'src-shared/plan/plan.ts': "import { z } from 'zod'\nexport const plan = z\n",
  'src-main/raft/raft.ts': "import { plan } from '@shared/plan/plan'\nexport const raft = plan\nexport interface Term { value: number }\n",
  'src-main/node/main.ts': "import { raft } from '../raft/raft'\nexport const node = raft\n",
  'src-main/node/disk.ts': "import { openSync } from 'node:fs'\nexport const disk = openSync\n",
  'src-main/lab/store/store.ts': "import Database from 'better-sqlite3'\nexport const store = Database\n",
  'src-main/lab/cluster/cluster.ts': "import { node } from '../../node/main'\nexport const cluster = node\n",
  'src-main/lab/judge/judge.ts': 'export const judge = 1\n',
  'src-main/node/state/machine.ts': 'export const machine = 1\n',
  'src-main/sim/world.ts': "import { machine } from '../node/state/machine'\nexport const world = machine\n",
  'src-main/sim/judge-history.ts': "import { judge } from '../lab/judge/judge'\nexport const judgeHistory = judge\n",
  'src-main/app/main.ts': "import { app } from 'electron'\nimport { store } from '../lab/store/store'\nexport const shell = [app, store]\n",
  'src-main/cli/main.ts': "import { cluster } from '../lab/cluster/cluster'\nexport const cli = cluster\n",
  'src-renderer/main.ts': "import { createApp } from 'vue'\nimport { plan } from '@shared/plan/plan'\nexport const page = [createApp, plan]\n",
}

const crossings: [rule: string, path: string, content: string][] = [
  ['no-import-upwards-from-raft', 'src-main/raft/bad1.ts', "import { node } from '../node/main'\nexport const bad = node\n"],
  ['no-import-upwards-from-node', 'src-main/node/bad2.ts', "import type { cluster } from '../lab/cluster/cluster'\nexport type Bad = typeof cluster\n"],
  ['no-import-upwards-from-workload', 'src-main/workload/bad3.ts', "export const bad = async () => import('../node/main')\n"],
  ['no-import-upwards-from-lab', 'src-main/lab/bad4.ts', "import { cli } from '../cli/main'\nexport const bad = cli\n"],
  ['no-import-upwards-from-cli', 'src-main/cli/bad5.ts', "import { shell } from '../app/main'\nexport const bad = shell\n"],
  ['no-import-upwards-from-store', 'src-main/lab/store/bad6.ts', "import { cluster } from '../cluster/cluster'\nexport const bad = cluster\n"],
  ['no-import-upwards-from-judge', 'src-main/lab/judge/bad7.ts', "import { cluster } from '../cluster/cluster'\nexport const bad = cluster\n"],
  ['report-reads-no-records', 'src-main/lab/report/bad8.ts', "import { store } from '../store/store'\nexport const bad = store\n"],
  ['shared-is-the-ground', 'src-shared/bad9.ts', "import { raft } from '../src-main/raft/raft'\nexport const bad = raft\n"],
  ['shared-uses-pure-libraries', 'src-shared/bad10.ts', "import { ref } from 'vue'\nexport const bad = ref\n"],
  ['pure-without-node', 'src-shared/bad11.ts', "import { readFileSync } from 'fs'\nexport const bad = readFileSync\n"],
  ['pure-without-node', 'src-main/raft/bad12.ts', "import { hrtime } from 'node:process'\nexport const bad = hrtime\n"],
  ['core-without-libraries', 'src-main/raft/bad13.ts', "import { z } from 'zod'\nexport const bad = z\n"],
  ['electron-only-in-app', 'src-main/lab/bad14.ts', "import { app } from 'electron'\nexport const bad = app\n"],
  ['electron-only-in-app', 'src-main/cli/bad15.ts', "import type { App } from 'electron'\nexport type Bad = App\n"],
  ['database-only-in-store', 'src-main/app/bad16.ts', "import Database from 'better-sqlite3'\nexport const bad = Database\n"],
  ['page-is-not-main', 'src-renderer/Bad17.vue', "<script setup lang=\"ts\">\nimport type { Term } from '../src-main/raft/raft'\ndefineProps<{ term: Term }>()\n</script>\n"],
  ['page-has-no-node', 'src-renderer/bad18.ts', "import { join } from 'node:path'\nexport const bad = join\n"],
  ['page-has-no-main-library', 'src-renderer/bad19.ts', "import Database from 'better-sqlite3'\nexport const bad = Database\n"],
  ['main-is-not-the-page', 'src-main/app/bad20.ts', "import { page } from '../../src-renderer/main'\nexport const bad = page\n"],
  ['no-import-upwards-from-lab', 'src-main/lab/bad22.ts', "import { world } from '../sim/world'\nexport const bad = world\n"],
  ['no-import-upwards-from-sim', 'src-main/sim/bad23.ts', "import { cli } from '../cli/main'\nexport const bad = cli\n"],
  ['sim-uses-what-is-pure', 'src-main/sim/bad24.ts', "import { node } from '../node/main'\nexport const bad = node\n"],
  ['sim-is-no-lab', 'src-main/sim/bad25.ts', "import { judge } from '../lab/judge/judge'\nexport const bad = judge\n"],
  ['worlds-without-node', 'src-main/sim/bad26.ts', "import { readFileSync } from 'node:fs'\nexport const bad = readFileSync\n"],
  ['resolvable', 'src-main/node/bad21.ts', "import { gone } from './gone'\nexport const bad = gone\n"],
]

const impurities: [rule: string, path: string, content: string][] = [
  ['no-restricted-globals', 'src-shared/bad1.ts', 'export const bad = Date.now()\n'],
  ['no-restricted-globals', 'src-main/raft/bad2.ts', 'export const bad = new Date()\n'],
  ['no-restricted-globals', 'src-shared/bad3.ts', 'export const bad = performance.now()\n'],
  ['no-restricted-globals', 'src-main/raft/bad4.ts', 'export const bad = process.hrtime()\n'],
  ['no-restricted-globals', 'src-main/raft/bad5.ts', 'export const bad = () => setTimeout(() => 1, 1)\n'],
  ['no-restricted-properties', 'src-main/raft/bad6.ts', 'export const bad = Math.random()\n'],
  ['no-explicit-any', 'src-main/node/bad7.ts', 'export const bad = (value: any): string => String(value)\n'],
  ['no-empty', 'src-main/node/bad8.ts', 'try {\n  JSON.parse("")\n} catch {}\n'],
]

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'faultline-floors-'))
  symlinkSync(inRoot('node_modules'), join(tree, 'node_modules'))
  plant(clean)
})
afterAll(() => rmSync(tree, { recursive: true }))

it('finds nothing in a tree that keeps the rules', () => {
  expect(cruise()).toMatchObject({ code: 0, output: expect.stringContaining('no dependency violations found') })
  expect(lint()).toMatchObject({ code: 0 })
})

describe('with a violation of each kind', () => {
  let cruised = ''
  let linted = ''
  beforeAll(() => {
    for (const [, path, content] of [...crossings, ...impurities]) plant({ [`${path.replace(/(\.\w+)$/, '')}-planted${/\.\w+$/.exec(path)?.[0]}`]: content })
    plant({ 'src-shared/circleA.ts': "import { b } from './circleB'\nexport const a = () => b\n" })
    plant({ 'src-shared/circleB.ts': "import { a } from './circleA'\nexport const b = () => a\n" })
    cruised = cruise().output
    linted = lint().output
  })
  const planted = (path: string): string => path.replace(/(\.\w+)$/, '-planted$1')

  it.each(crossings)('%s is broken by %s', (rule, path) => {
    expect(cruised.split('\n').filter((line) => line.includes(`error ${rule}: `) && line.includes(`${planted(path)} →`))).toHaveLength(1)
  })
  it('not-circular is broken by two files that need each other', () => {
    expect(cruised).toMatch(/error not-circular: src-shared\/circleA\.ts/)
  })
  it.each(impurities)('%s is broken by %s', (rule, path) => {
    expect(linted.split('\n').filter((line) => line.includes(planted(path)) && line.includes(rule))).not.toEqual([])
  })
  it('nothing that keeps the rules is blamed', () => {
    for (const path of Object.keys(clean)) expect(cruised).not.toContain(`: ${path} →`)
  })
})
