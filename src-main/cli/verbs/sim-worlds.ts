/** `sim`: whole clusters in virtual time, seed by seed; what they met, and of a failure the shortest replay. */
import type { ParseArgsConfig } from 'node:util'
import { EXIT, LabFailure } from '../../lab/failure'
import { COVERED } from '../../sim/coverage'
import { hex } from '../../sim/history-hash'
import { judgeHistory } from '../../sim/judge-history'
import { planOf, type PlanOptions, type WorldPlan } from '../../sim/plan'
import { brokenPromises } from '../../sim/promises'
import { runSeeds } from '../../sim/runner'
import { describeHappening, shrink } from '../../sim/shrink'
import { addWorld, emptyTally, type SeedFailure, type Tally } from '../../sim/tally'
import { runWorld } from '../../sim/world'
import { outputOf } from '../output'
import type { VerbArguments } from '../verb'

export const worldOptions: NonNullable<ParseArgsConfig['options']> = {
  seeds: { type: 'string' },
  faults: { type: 'string' },
  keep: { type: 'string' },
}

export const worldHelp = [
  '  --seeds N | A..B     seeds 1…N, or A…B, both included (default 100)',
  '  --nodes N            voters of every cluster, 1 to 9 (default: 3 to 7, from the seed)',
  '  --faults all | none  none: only clients (default all)',
  '  --keep 3,7           of one seed only these happenings, as the shortest replay of a failure names them',
].join('\n')

/** only liveness was violated: named by the contract for this verb alone */
const EXIT_LIVENESS = 97
const SEEDS_DEFAULT = 100
const NODES_MAX = 9
/** Without a terminal a line of progress this often. */
const PLAIN_EVERY_MS = 5_000

interface Asked extends PlanOptions {
  from: number
  to: number
  keep: readonly number[] | null
}

export async function simWorlds({ values, json }: VerbArguments): Promise<number> {
  const asked = readOptions(values)
  const out = outputOf(json)
  out.line(`seeds ${asked.from}..${asked.to}, faults ${asked.faults}${asked.nodes === null ? '' : `, ${asked.nodes} voters`}`)
  const startMs = performance.now()
  const seconds = (): number => Math.round(performance.now() - startMs) / 1000
  const tally = asked.keep === null ? await runSeeds({ ...asked, onProgress: progressOf(asked, seconds) }) : replay(asked)
  const took = seconds()
  for (const [event, seeds] of coverageOf(tally)) if (seeds > 0) out.line(`${String(seeds).padStart(8)}  ${event}`)
  const { seeds, elections, steps, virtualMs } = tally
  out.line(`${seeds} seeds, ${steps} steps, ${elections} elections, ${Math.round(virtualMs / 1000)} s of virtual time in ${took} s`)
  out.line(`${(seeds / took).toFixed(1)} seeds/s, hash ${hex(tally.hash)}`)
  const [first] = tally.failed
  if (first !== undefined) for (const line of explain(first, asked)) out.line(line)
  else out.line('no invariant broken, every cluster converged')
  // with a number of voters of one's own choice some things can't happen: one voter alone is never cut off
  const broken = asked.faults === 'all' && asked.nodes === null ? brokenPromises(tally) : []
  for (const promise of broken) out.line(`too tame: ${promise}`)
  out.document({
    seeds,
    failed: tally.failed.map(({ seed, kind, invariant, step, detail }) => ({ seed, kind, invariant, step, detail })),
    elections,
    steps,
    virtual_s: Math.round(virtualMs) / 1000,
    coverage: Object.fromEntries(coverageOf(tally)),
    broken_promises: broken,
    hash: hex(tally.hash),
    seconds: took,
  })
  if (tally.failed.length === 0) return broken.length > 0 ? EXIT.inconclusive : EXIT.held
  return tally.failed.some(({ kind }) => kind === 'safety') ? EXIT.notHeld : EXIT_LIVENESS
}

function coverageOf({ coverage }: Tally): [string, number][] {
  return COVERED.map((event) => [event, coverage[event] ?? 0])
}

/** One seed with a part of its timeline, in this thread. */
function replay({ from, keep, ...options }: Asked): Tally {
  const tally = emptyTally()
  const plan = planOf(from, options)
  addWorld(tally, runWorld({ ...plan, timeline: plan.timeline.filter(({ id }) => keep!.includes(id)) }, judgeHistory))
  return tally
}

function* explain(failure: SeedFailure, asked: Asked): Generator<string> {
  yield `seed ${failure.seed}, step ${failure.step}, ${(failure.atMs / 1000).toFixed(3)} s: ${failure.kind} failure`
  yield `  ${failure.detail}`
  const run = (plan: WorldPlan) => runWorld(plan, judgeHistory)
  const whole = planOf(failure.seed, asked)
  const kept = asked.keep === null ? whole : { ...whole, timeline: whole.timeline.filter(({ id }) => asked.keep!.includes(id)) }
  const { plan, failure: left, runs } = shrink(kept, failure, run)
  yield `shortest replay found (${runs} tries): ${plan.timeline.length} of ${whole.timeline.length} happenings, step ${left.step}`
  for (const happening of plan.timeline) yield `  ${describeHappening(happening)}`
  const nodes = asked.nodes === null ? '' : ` --nodes ${asked.nodes}`
  const faults = asked.faults === 'all' ? '' : ` --faults ${asked.faults}`
  const keep = asked.faults === 'all' ? ` --keep ${plan.timeline.map(({ id }) => id).join(',') || '0'}` : ''
  yield `  faultline sim --seeds ${failure.seed}..${failure.seed}${nodes}${faults}${keep}`
}

function progressOf({ from, to }: Asked, seconds: () => number): (tally: Tally) => void {
  const isTerminal = process.stderr.isTTY
  let nextPlainMs = PLAIN_EVERY_MS
  return ({ seeds, failed }) => {
    const text = `${seeds}/${to - from + 1} seeds, ${(seeds / Math.max(0.001, seconds())).toFixed(0)} a second, ${failed.length} failed`
    if (isTerminal) process.stderr.write(seeds > to - from ? '\r\x1b[2K' : `\r\x1b[2K${text}`)
    else if (seconds() * 1000 >= nextPlainMs) {
      nextPlainMs += PLAIN_EVERY_MS
      process.stderr.write(`${text}\n`)
    }
  }
}

function readOptions(values: VerbArguments['values']): Asked {
  const faults = values.faults ?? 'all'
  if (faults !== 'all' && faults !== 'none') throw new LabFailure('usage', `--faults ${String(faults)}: all or none`)
  const [from, to] = readSeeds(values.seeds)
  const nodes = values.nodes === undefined ? null : wholeNumber('--nodes', String(values.nodes), 1, NODES_MAX)
  const keep = values.keep === undefined ? null : String(values.keep).split(',').map((id) => wholeNumber('--keep', id, 0, 1e6))
  if (keep !== null && from !== to) throw new LabFailure('usage', '--keep takes happenings of one seed', 'name it: --seeds 42..42')
  return { from, to, faults, nodes, keep }
}

function readSeeds(value: string | boolean | undefined): [number, number] {
  if (value === undefined) return [1, SEEDS_DEFAULT]
  const [first, second, ...more] = String(value).split('..')
  if (more.length > 0) throw new LabFailure('usage', `--seeds ${String(value)}: a number, or A..B`)
  if (second === undefined) return [1, wholeNumber('--seeds', first!, 1, Number.MAX_SAFE_INTEGER)]
  const range: [number, number] = [wholeNumber('--seeds', first!, 0, Number.MAX_SAFE_INTEGER), wholeNumber('--seeds', second, 0, Number.MAX_SAFE_INTEGER)]
  if (range[1] < range[0]) throw new LabFailure('usage', `--seeds ${String(value)}: the range is empty`)
  return range
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(number >= min && number <= max)) throw new LabFailure('usage', `${option} ${text}: a whole number from ${min} to ${max} is needed`)
  return number
}
