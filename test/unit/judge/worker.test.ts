import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build as buildHistogram, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from 'vite'
import { judge } from '../../../src-main/lab/judge/judge'
import { judgeInWorker } from '../../../src-main/lab/judge/judge-in-worker'
import { plan, records } from './run'

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
let outDir = ''

beforeAll(async () => {
  outDir = mkdtempSync(join(tmpdir(), 'faultline-judge-'))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@shared': root('src-shared') } },
    build: {
      ssr: root('src-main/lab/judge/worker.ts'),
      outDir,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'judge.mjs' } },
    },
    ssr: { noExternal: true },
  })
}, 60_000)

afterAll(() => rmSync(outDir, { recursive: true, force: true }))

it('the thread gives the same answer as the function', async () => {
  const histogram = buildHistogram()
  histogram.recordValue(700)
  const counts = { intended: 100, ok: 100, fail: 0, unknown: 0, responseHistogram: '' }
  // decoding is the one thing that a bundled library may do differently
  const made = records({ intervals: [{ second: 10, ...counts, sendLagHistogram: encodeIntoCompressedBase64(histogram) }] })
  const model = await judgeInWorker(made, plan(), { entry: pathToFileURL(join(outDir, 'judge.mjs')) })
  const direct = judge(made, plan())
  const timeless = ({ report, ...rest }: typeof model) => ({
    ...rest,
    report: { ...report, linearizable: { ...report.linearizable, seconds: 0 } },
  })
  expect(timeless(model)).toEqual(timeless(direct))
  expect(model.report.fidelity.send_lag_ms_p99).toBe(0.7)
})

it('a thread that fails is an error, not a silence', async () => {
  const broken = join(outDir, 'broken.mjs')
  writeFileSync(broken, 'throw new Error("planted")')
  await expect(judgeInWorker(records({}), plan(), { entry: pathToFileURL(broken) })).rejects.toThrow('planted')
  const silent = join(outDir, 'silent.mjs')
  writeFileSync(silent, 'process.exitCode = 0')
  await expect(judgeInWorker(records({}), plan(), { entry: pathToFileURL(silent) })).rejects.toThrow('before it answered')
})
