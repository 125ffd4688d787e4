import { afterEach, describe, expect, it, vi } from 'vitest'
import { sim } from '../../../src-main/cli/verbs/sim'
import { runElections } from '../../../src-main/sim/election'

/** @returns what was written to stdout, and the exit code */
async function run(values: Record<string, string>, json = true): Promise<{ stdout: string; exit: number }> {
  let stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const exit = await sim.run({ positionals: ['election'], values, json })
  return { stdout, exit }
}

afterEach(() => vi.restoreAllMocks())

describe('sim election', () => {
  it('prints the figures of exactly these elections as one JSON document', async () => {
    const values = { nodes: '5', timeout: '25..50', broadcast: '7.5', trials: '50', seed: '9', logs: 'equal' }
    const { stdout, exit } = await run(values)
    const figures = runElections({ nodes: 5, timeoutMs: [25, 50], broadcastMs: 7.5, trials: 50, seed: 9, logs: 'equal' })
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ ...figures, seconds: expect.any(Number) })
  })

  it('takes the setting of the paper, with shorter logs on half of the survivors, where nothing else is said', async () => {
    const { stdout } = await run({})
    const figures = runElections({ nodes: 5, timeoutMs: [150, 300], broadcastMs: 15, trials: 1000, seed: 1, logs: 'handicapped' })
    expect(JSON.parse(stdout)).toMatchObject(figures)
  })

  it('says in words how many elections were given up, and draws no curve without one that ended', async () => {
    const { stdout } = await run({ timeout: '150..150', trials: '1' }, false)
    expect(stdout).toContain('1 were not over after 600 s (virtual)')
    expect(stdout).not.toContain('share over by then')
  })

  it.each([
    [{ timeout: '300..150' }, 'it ends before it starts'],
    [{ timeout: '150' }, 'two times in ms'],
    [{ timeout: '150..' }, 'milliseconds from 1'],
    [{ broadcast: '15ms' }, 'without a unit'],
    [{ nodes: '2' }, 'from 3 to 15'],
    [{ trials: '0' }, 'from 1 to'],
    [{ seed: '-1' }, 'from 0 to'],
    [{ logs: 'long' }, 'equal or handicapped'],
    [{ seeds: '5' }, 'no --seeds'],
    [{ faults: 'all' }, 'no --faults'],
    [{ keep: '3' }, 'no --keep'],
  ])('refuses %j', async (values, message) => {
    await expect(run(values)).rejects.toThrow(message)
  })
})
