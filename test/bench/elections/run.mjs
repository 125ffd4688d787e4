// Makes figures and chart of resources/handbook/elections.md anew: node test/bench/elections/run.mjs
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@shared': here('../../../src-shared') }
const { module } = await runnerImport(here('page.ts'), { configFile: false, logLevel: 'error', resolve: { alias } })
module.writePage()
