/** The checks can fail: each classic mistake is found by the simulator with the settings it always has. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildMutant } from '../../sim-mutants/build-mutant'
import { mutants } from '../../sim-mutants/mutants'

const outDir = mkdtempSync(join(tmpdir(), 'faultline-mutants-'))
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

describe('the simulator finds', () => {
  it.each(mutants)('mistake $mistake, $id: $what, within $seedsMax seeds', { timeout: 120_000 }, async (mutant) => {
    const { hunt } = await buildMutant(mutant, outDir)
    const { failure } = hunt(mutant.seedsMax)
    expect(failure, `not found in ${mutant.seedsMax} seeds`).not.toBeNull()
  })

  it('nothing in the core as it is, and every one of the eleven mistakes has a mutant', { timeout: 60_000 }, async () => {
    const { hunt } = await buildMutant({ id: 'none', edits: [] }, outDir)
    expect(hunt(20).failure).toBeNull()
    expect(new Set(mutants.map(({ mistake }) => mistake))).toEqual(new Set(Array.from({ length: 11 }, (_, i) => i + 1)))
  })

  it('no mutant that is none: an edit that does not apply is an error', async () => {
    const edits = [{ file: 'raft/core.ts', find: 'no such line', replace: '' }]
    await expect(buildMutant({ id: 'stale', edits }, outDir)).rejects.toThrow('exactly once')
  })
})
