/**
 * An incident that happened, as two plans that are alike but for the configuration in question: the bad one ends
 * NOT HELD, the good one HELD. A folder each in `resources/scenarios`; what differs is said in its `scenario.yaml`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import type { VerdictWord } from '@shared/run/report'
import { resourcePath } from '../launch/entries'

const line = z.string().trim().min(1)

const description = z.strictObject({
  title: line,
  incident: z.strictObject({ what: line, when: line, source: z.array(z.url()).min(1) }),
  /** where the plan is not what happened: shortened, scaled down, another system; null = it is */
  unlike: line.nullable(),
  /** what to look for in Live and in the report */
  watch: z.array(line).min(1),
  operator: z.array(line).min(1),
  faults: z.array(line).min(1),
  tells: z.strictObject({
    /** what the two configurations are */
    bad: line,
    good: line,
    /** metrics whose values tell them apart: each stands in both plans' expectations */
    metrics: z.array(line).min(1),
    /** paths as written in the plans; nothing else differs but comments */
    differs: z.array(line).min(1),
  }),
})

export type ScenarioDescription = z.infer<typeof description>

export const configurations = ['bad', 'good'] as const
export type Configuration = (typeof configurations)[number]

export const wantedVerdict: Record<Configuration, VerdictWord> = { bad: 'NOT_HELD', good: 'HELD' }

export interface ScenarioPlan {
  file: string
  text: string
  plan: Plan
}

export interface Scenario extends ScenarioDescription {
  /** name of its folder, e.g. `01-partial-partition` */
  id: string
  /** its number in the list of incidents */
  number: number
  plans: Record<Configuration, ScenarioPlan>
}

const SCENARIO_FOLDER = /^(\d\d)-[a-z0-9-]+$/

/** All scenarios in the order of their numbers. @throws Error naming the file that is wrong */
export function scenarios(folder = resourcePath('scenarios')): Scenario[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => SCENARIO_FOLDER.test(name))
    .toSorted()
    .map((id) => readScenario(folder, id))
}

function readScenario(folder: string, id: string): Scenario {
  const file = join(folder, id, 'scenario.yaml')
  const read = description.safeParse(parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`)
  return {
    ...read.data,
    id,
    number: Number(SCENARIO_FOLDER.exec(id)![1]),
    plans: { bad: readScenarioPlan(join(folder, id, 'bad.yaml')), good: readScenarioPlan(join(folder, id, 'good.yaml')) },
  }
}

/** @throws Error naming the file and what is wrong with it */
export function readScenarioPlan(file: string): ScenarioPlan {
  const text = readFileSync(file, 'utf8')
  const { plan, problems } = parsePlan(text)
  if (!plan) throw new Error(`${file}: ${problems.map(({ line: at, message }) => `line ${at}: ${message}`).join('; ')}`)
  return { file, text, plan }
}
