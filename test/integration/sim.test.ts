// The verb `sim` through the command line as it is built: what it answers, how it ends, and what it says of a core that is broken.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { mutate } from '../sim-mutants/build-mutant'
import { type Mutant, mutants } from '../sim-mutants/mutants'
import { buildEntries } from './built'

const BUILT = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))

interface Answer {
  seeds: number
  failed: { seed: number; kind: string; invariant: string; step: number }[]
  coverage: Record<string, number>
  hash: string
  [figure: string]: unknown
}

const dir = mkdtempSync(join(tmpdir(), 'faultline-sim-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Runs a command line to its end. */
function sim(cli: string, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, FAULTLINE_DATA: join(dir, 'data'), XDG_RUNTIME_DIR: dir }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, 'sim', ...words], { env, timeout: 90_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

const answerOf = ({ stdout }: { stdout: string }): Answer => JSON.parse(stdout) as Answer

describe('sim', () => {
  it('plays whole worlds that each meet what they owe, and two runs are the same history', async () => {
    const words = ['--seeds', '40', '--faults', 'all', '--json']
    const first = await sim(BUILT, ...words)
    expect(first.code, first.stderr).toBe(0)
    const answer = answerOf(first)
    expect(answer).toMatchObject({ seeds: 40, failed: [], broken_promises: [], hash: expect.stringMatching(/^[0-9a-f]{16}$/) })
    for (const owed of ['60 s of virtual time', '200 client operations', 'crash that lost unsynced data', 'two network faults']) {
      expect(answer.coverage[owed], owed).toBe(40)
    }
    expect(answer.coverage['snapshot installed or membership change finished']).toBeGreaterThanOrEqual(20)
    const { seconds: _first, ...same } = answer
    const { seconds: _second, ...again } = answerOf(await sim(BUILT, ...words))
    expect(again).toEqual(same)
  })

  it('adds up the same whether seeds are played together or apart, and other seeds are another history', async () => {
    const whole = answerOf(await sim(BUILT, '--seeds', '1..6', '--json'))
    const [left, right] = [answerOf(await sim(BUILT, '--seeds', '3', '--json')), answerOf(await sim(BUILT, '--seeds', '4..6', '--json'))]
    expect([left.seeds, right.seeds]).toEqual([3, 3])
    expect(Number(left.steps) + Number(right.steps)).toBe(whole.steps)
    expect(left.hash).not.toBe(right.hash)
  })

  it('meets no fault where none is asked for', async () => {
    const { code, stdout } = await sim(BUILT, '--seeds', '4', '--faults', 'none', '--nodes', '3', '--json')
    expect(code).toBe(0)
    expect(answerOf({ stdout }).coverage).toMatchObject({ crash: 0, partition: 0, 'link cut': 0, '200 client operations': 4 })
  })

  it('election answers with the figures of as many crashes as were asked for, the same each time', async () => {
    const words = ['election', '--nodes', '5', '--timeout', '150..300', '--broadcast', '15', '--trials', '200', '--seed', '7', '--json']
    const first = await sim(BUILT, ...words)
    expect(first.code, first.stderr).toBe(0)
    const { seconds, ...figures } = answerOf(first)
    expect(seconds).toEqual(expect.any(Number))
    expect(figures).toMatchObject({ trials: 200, censored: 0 })
    const [p50, p90, p99, max] = ['p50_ms', 'p90_ms', 'p99_ms', 'max_ms'].map((name) => Number(figures[name]))
    expect(p50).toBeGreaterThan(150)
    expect([p50, p90, p99, max]).toEqual([p50, p90, p99, max].sort((a, b) => a! - b!))
    const { seconds: _seconds, ...again } = answerOf(await sim(BUILT, ...words))
    expect(again).toEqual(figures)
  })

  it.each([
    [['--seeds', 'many'], '--seeds many'],
    [['--seeds', '9..3'], 'the range is empty'],
    [['--seeds', '1..2..3'], 'a number, or A..B'],
    [['--faults', 'some'], 'all or none'],
    [['--nodes', '0'], 'from 1 to 9'],
    [['--keep', '1'], 'one seed'],
    [['--timeout', '150..300'], 'takes no --timeout'],
    [['elections'], 'no such simulation'],
    [['--sedes', '4'], 'sedes'],
    [['election', '--keep', '1'], 'takes no --keep'],
    [['election', '--timeout', '300..150'], 'ends before it starts'],
  ])('%j is bad usage', async (words, said) => {
    const { code, stdout, stderr } = await sim(BUILT, ...words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
  })
})

describe('sim with a mistake in it', () => {
  const built: Awaited<ReturnType<typeof buildEntries>>[] = []
  afterAll(() => built.forEach((one) => one.remove()))

  /** @returns the command line round a core with this mistake in it */
  const broken = (id: string): Promise<string> => edited(mutants.find((mutant) => mutant.id === id)!)

  async function edited(mistake: Pick<Mutant, 'id' | 'edits'>): Promise<string> {
    const one = await buildEntries({ cli: 'src-main/cli/main.ts', sim: 'src-main/sim/worker.ts' }, [mutate(mistake)])
    built.push(one)
    return join(one.dir, 'cli.js')
  }

  it('ends with 99, names seed, rule and step, and its shortest replay breaks the same rule', async () => {
    const cli = await broken('commit-older-terms')
    const { code, stdout, stderr } = await sim(cli, '--seeds', '24', '--json')
    expect(code, stderr).toBe(99)
    const { seeds, failed } = answerOf({ stdout })
    expect(seeds).toBe(24)
    const [first] = failed
    expect(first).toMatchObject({ kind: 'safety', invariant: 'a leader counts only entries of its term' })
    expect(first!.step).toBeGreaterThan(0)
    expect(stderr).toContain(`seed ${first!.seed}, step ${first!.step}`)

    const [, left, of] = /: (\d+) of (\d+) happenings/.exec(stderr)!
    expect(Number(left)).toBeLessThan(Number(of))
    const replay = /faultline sim (--seeds .*)/.exec(stderr)![1]!.split(' ')
    const again = await sim(cli, ...replay, '--json')
    expect(again.code).toBe(99)
    expect(answerOf(again).failed).toMatchObject([{ seed: first!.seed, invariant: first!.invariant }])
    expect((await sim(BUILT, ...replay)).code).toBe(0)
  })

  it('ends with 97 when nothing untrue happened, and a cluster did not converge', async () => {
    const { code, stdout, stderr } = await sim(await broken('vote-kept-in-new-term'), '--seeds', '2', '--json')
    expect(code, stderr).toBe(97)
    const failure = { kind: 'liveness', invariant: 'converges after the heal' }
    expect(answerOf({ stdout }).failed).toMatchObject([{ seed: 1, ...failure }, { seed: 2, ...failure }])
  })

  it('ends with 98 and says which promise was missed when nothing broke in worlds that were too tame', async () => {
    const edits = [
      { file: 'sim/promises.ts', find: 'SEEDS_MIN = 1000', replace: 'SEEDS_MIN = 1' },
      { file: 'sim/requests.ts', find: "this.node.around.coverage.met('repeat answered from the session')", replace: 'void answer' },
    ]
    const cli = await edited({ id: 'tame', edits })
    const { code, stdout, stderr } = await sim(cli, '--seeds', '1', '--json')
    expect(code, stderr).toBe(98)
    const said = 'repeat answered from the session: met in 0 of 1 seeds, at least 1 were promised'
    expect(answerOf({ stdout })).toMatchObject({ failed: [], broken_promises: expect.arrayContaining([said]) })
    expect(stderr).toContain(`too tame: ${said}`)
    const calm = await sim(cli, '--seeds', '1', '--faults', 'none', '--json')
    expect(calm.code, 'nothing was promised of a world without faults').toBe(0)
  })
})
