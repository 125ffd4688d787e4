import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { planDurationMs } from '@shared/plan/phases'
import type { Report } from '@shared/run/report'
import { Archive } from '../../lab/archive'
import { writeRunFiles } from '../../lab/conduct/files'
import { Run } from '../../lab/conduct/run'
import { EXIT, LabFailure } from '../../lab/failure'
import { resourcePath } from '../../lab/launch/entries'
import { dataFolder } from '../../lab/launch/paths'
import { marked, withMarked } from '../../lab/scenarios/page'
import { configurations, scenarios as allScenarios, type Scenario, type ScenarioPlan } from '../../lab/scenarios/scenario'
import { isAsWanted, lineOf, mergedTable, type ScenarioRun } from '../../lab/scenarios/table'
import { onInterrupt } from '../interrupt'
import { outputOf } from '../output'
import type { Verb, VerbArguments } from '../verb'

const TABLE = 'scenario verdicts'

export const scenarios: Verb = {
  name: 'scenarios',
  usage: '[run [NUMBERS] [--out FILE] [--update]]',
  summary: 'lists incidents that can be run, or runs their bad and good configurations and says whether each ended as it must',
  example: 'faultline scenarios run 1,7',
  options: { out: { type: 'string' }, update: { type: 'boolean' } },
  words: [0, 2],
  help: [
    '  run            both configurations of all scenarios, one run after the other; exit 0 when each ended as it must, 99 when one did not',
    '  NUMBERS        only these, e.g. 1,7,13',
    '  --out FILE     writes the table of verdicts (Markdown) there',
    '  --update       writes it into the handbook as well; rows of scenarios that were not run stay',
  ].join('\n'),
  async run(args) {
    const [action, numbers] = args.positionals
    if (action === undefined) return list(args)
    if (action !== 'run') throw new LabFailure('usage', `scenarios ${action}: there is "scenarios" and "scenarios run [NUMBERS]"`)
    return runAll(chosen(numbers), args)
  },
}

function list({ json }: VerbArguments): number {
  const out = outputOf(json)
  const all = allScenarios()
  for (const scenario of all) {
    const seconds = configurations.map((which) => planDurationMs(scenario.plans[which].plan) / 1000)
    out.line(`${String(scenario.number).padStart(2, '0')}  ${scenario.title}  (${scenario.incident.when}; ${seconds.join(' + ')} s)`)
  }
  out.document({ scenarios: all.map(({ plans, ...rest }) => ({ ...rest, plans: { bad: plans.bad.file, good: plans.good.file } })) })
  return EXIT.held
}

function chosen(numbers: string | undefined): Scenario[] {
  const all = allScenarios()
  if (numbers === undefined) return all
  return numbers.split(',').map((text) => {
    const scenario = all.find(({ number }) => String(number) === text.replace(/^0/, ''))
    if (!scenario) throw new LabFailure('usage', `there is no scenario ${text}`, `there are ${all.map(({ number }) => number).join(', ')}`)
    return scenario
  })
}

async function runAll(which: readonly Scenario[], { json, values }: VerbArguments): Promise<number> {
  const out = outputOf(json)
  const archive = await Archive.open(dataFolder())
  const runs: ScenarioRun[] = []
  const going = new Going(archive)
  try {
    for (const scenario of which) {
      for (const configuration of configurations) {
        const report = await going.report(scenario.plans[configuration])
        if (report.stopped_by === 'person') return EXIT.canceled
        const run: ScenarioRun = { scenario, configuration, report }
        runs.push(run)
        out.line(lineOf(run))
      }
    }
  } finally {
    going.close()
    archive.close()
  }
  if (typeof values.out === 'string') writeFileSync(resolve(values.out), `${mergedTable('', runs)}\n`)
  if (values.update === true) update(runs)
  out.document({
    runs: runs.map((run) => ({ scenario: run.scenario.number, configuration: run.configuration, as_wanted: isAsWanted(run), report: run.report })),
  })
  if (runs.some((run) => !isAsWanted(run))) return EXIT.notHeld
  return runs.every(({ report }) => report.valid) ? EXIT.held : EXIT.inconclusive
}

function update(runs: readonly ScenarioRun[]): void {
  const page = resourcePath('handbook', 'scenarios.md')
  const before = readFileSync(page, 'utf8')
  writeFileSync(page, withMarked(before, TABLE, mergedTable(marked(before, TABLE), runs)))
}

/** One run after the other; an interruption ends the one that is going on. */
class Going {
  private now: Run | null = null
  private isStopped = false
  private readonly release = onInterrupt((by) => {
    this.isStopped = true
    process.stderr.write(`\n${by}: stopping, cleaning up\n`)
    this.now?.stop('person')
  })

  constructor(private readonly archive: Archive) {}

  async report({ plan, text }: ScenarioPlan): Promise<Report> {
    const quiet = (): void => undefined
    const run = new Run({
      plan,
      planText: text,
      seed: plan.seed,
      store: this.archive.store,
      data: this.archive.data,
      onLine: quiet,
      onStep: quiet,
      onFrame: quiet,
    })
    this.now = run
    await run.begin()
    if (this.isStopped) run.stop('person')
    const model = await run.execute()
    writeRunFiles(this.archive.store, model, join(this.archive.data.runs, run.id))
    return model.report
  }

  close(): void {
    this.release()
  }
}
