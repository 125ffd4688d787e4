import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { planDurationMs } from '@shared/plan/phases'
import type { Report } from '@shared/run/report'
import { Archive } from '../../lab/archive'
import { EXIT, LabFailure } from '../../lab/failure'
import { resourcePath } from '../../lab/launch/entries'
import { dataFolder } from '../../lab/launch/paths'
import { drillPlan, drillTable } from '../../lab/scenarios/drill'
import { marked, withMarked } from '../../lab/scenarios/page'
import { recordedReport } from '../../lab/scenarios/recorded'
import { configurations, scenarios as allScenarios, type Scenario, type ScenarioPlan } from '../../lab/scenarios/scenario'
import { isAsWanted, lineOf, mergedTable, type ScenarioRun } from '../../lab/scenarios/table'
import { outputOf } from '../output'
import { QuietRuns } from '../quiet-runs'
import { exitOf, summaryOf } from '../summary'
import type { Verb, VerbArguments } from '../verb'

export const scenarios: Verb = {
  name: 'scenarios',
  usage: '[run [NUMBERS] | drill] [--recorded] [--out FILE] [--update]',
  summary: 'lists incidents, runs the bad and the good configuration of each, or runs the drill',
  example: 'faultline scenarios run 1,7',
  options: { out: { type: 'string' }, update: { type: 'boolean' }, recorded: { type: 'boolean' } },
  words: [0, 2],
  help: [
    '  run            both configurations of all scenarios, one run after the other; exit 0 when each ended as it must, 99 when one did not',
    '  NUMBERS        only these, e.g. 1,7,13',
    '  drill          several kinds of faults, each several times: how long recovery took by kind',
    '  --recorded     runs nothing: takes the newest valid run on record of exactly these plans',
    '  --out FILE     writes the table (Markdown) there',
    '  --update       writes it into the handbook as well; rows of scenarios that were not run stay',
  ].join('\n'),
  async run(args) {
    const [action, numbers] = args.positionals
    switch (action) {
      case undefined:
        return list(args)
      case 'run':
        return withArchive((archive, runs) => tellAll(chosen(numbers), reportsFrom(archive, runs, args), args))
      case 'drill':
        return withArchive((archive, runs) => tellDrill(reportsFrom(archive, runs, args), args))
      default:
        throw new LabFailure('usage', `scenarios ${action}: there is "scenarios", "scenarios run [NUMBERS]" and "scenarios drill"`)
    }
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

async function withArchive(use: (archive: Archive, runs: QuietRuns) => Promise<number>): Promise<number> {
  const archive = await Archive.open(dataFolder())
  const runs = new QuietRuns(archive)
  try {
    return await use(archive, runs)
  } finally {
    runs.close()
    archive.close()
  }
}

/** @returns what a plan came to, now or the last time; null when a person stopped it */
type Reports = (plan: ScenarioPlan) => Promise<Report | null>

function reportsFrom(archive: Archive, runs: QuietRuns, { values }: VerbArguments): Reports {
  if (values.recorded !== true) return (plan) => runs.report(plan)
  return async (plan) => {
    const report = await recordedReport(archive, plan)
    if (!report) throw new LabFailure('not-found', `${plan.file} was never run to its end as it is now`, 'run it once without --recorded')
    return report
  }
}

async function tellAll(which: readonly Scenario[], reportOf: Reports, { json, values }: VerbArguments): Promise<number> {
  const out = outputOf(json)
  const done: ScenarioRun[] = []
  for (const scenario of which) {
    for (const configuration of configurations) {
      const report = await reportOf(scenario.plans[configuration])
      if (!report) return EXIT.canceled
      const run: ScenarioRun = { scenario, configuration, report }
      done.push(run)
      out.line(lineOf(run))
    }
  }
  keep(values, 'scenario verdicts', (before) => mergedTable(before, done))
  out.document({
    runs: done.map((run) => ({ scenario: run.scenario.number, configuration: run.configuration, as_wanted: isAsWanted(run), report: run.report })),
  })
  if (done.some((run) => !isAsWanted(run))) return EXIT.notHeld
  return done.every(({ report }) => report.valid) ? EXIT.held : EXIT.inconclusive
}

async function tellDrill(reportOf: Reports, { json, values }: VerbArguments): Promise<number> {
  const out = outputOf(json)
  const report = await reportOf(drillPlan())
  if (!report) return EXIT.canceled
  const table = drillTable(report)
  out.line(summaryOf(report))
  out.line(`\n${table}`)
  keep(values, 'drill table', () => table)
  out.document(report)
  return exitOf(report)
}

/** @param table from what the page holds between its markers */
function keep(values: VerbArguments['values'], name: string, table: (before: string) => string): void {
  if (typeof values.out === 'string') writeFileSync(resolve(values.out), `${table('')}\n`)
  if (values.update !== true) return
  const file = resourcePath('handbook', 'scenarios.md')
  const page = readFileSync(file, 'utf8')
  writeFileSync(file, withMarked(page, name, table(marked(page, name))))
}
