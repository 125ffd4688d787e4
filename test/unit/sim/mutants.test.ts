/**
 * The checks can fail: each classic mistake is found by the simulator with the settings it always has, as the handbook
 * says. UPDATE_TABLE=1 writes the handbook's table instead of comparing it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { buildMutant } from '../../sim-mutants/build-mutant'
import type { Found } from '../../sim-mutants/hunt'
import { type Mutant, mutants } from '../../sim-mutants/mutants'
import { tableIn, tableOf, withTable } from '../../sim-mutants/table'

const HANDBOOK = fileURLToPath(new URL('../../../resources/handbook/simulator.md', import.meta.url))
const isUpdating = process.env['UPDATE_TABLE'] === '1'

const outDir = mkdtempSync(join(tmpdir(), 'faultline-mutants-'))
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

const hunts = new Map<Mutant, Promise<Found>>()

/** Hunted once, whoever asks. */
function hunted(mutant: Mutant): Promise<Found> {
  const known = hunts.get(mutant)
  if (known !== undefined) return known
  const hunt = buildMutant(mutant, outDir).then((built) => built.hunt(mutant.seedsMax))
  hunts.set(mutant, hunt)
  return hunt
}

describe('the simulator finds', () => {
  it.each(mutants)('mistake $mistake, $id: $what, within $seedsMax seeds', { timeout: 120_000 }, async (mutant) => {
    const { failure } = await hunted(mutant)
    expect(failure, `not found in ${mutant.seedsMax} seeds`).not.toBeNull()
  })

  it('each within the seeds and by the rule that the handbook names', { timeout: 600_000 }, async () => {
    const found: [Mutant, Found][] = []
    for (const mutant of mutants) found.push([mutant, await hunted(mutant)])
    const page = readFileSync(HANDBOOK, 'utf8')
    if (isUpdating) writeFileSync(HANDBOOK, withTable(page, tableOf(found)))
    else expect(tableIn(page), 'UPDATE_TABLE=1 writes it anew').toBe(tableOf(found))
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
