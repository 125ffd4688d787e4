/** Reads a plan for a verb that needs a good one. */
import { readFileSync } from 'node:fs'
import { parsePlan } from '@shared/plan/parse'
import type { Plan, Problem } from '@shared/plan/plan'
import { problemsWithSeed } from '@shared/plan/with-seed'
import { LabFailure, messageOf } from '../lab/failure'
import { problemLine } from './output'

/** A plan that can't be run: every problem with its place. */
export class BadPlan extends LabFailure {
  constructor(
    file: string,
    readonly problems: Problem[],
  ) {
    super('usage', problems.map((problem) => problemLine(file, problem)).join('\n'))
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new LabFailure('usage', `${file} can't be read: ${messageOf(error)}`, 'name a file that exists')
  }
}

/** @throws BadPlan, LabFailure; warnings go to stderr */
export function readPlan(file: string): { text: string; plan: Plan } {
  const text = readText(file)
  const { plan, problems } = parsePlan(text)
  if (!plan) throw new BadPlan(file, problems)
  for (const problem of problems) process.stderr.write(`${problemLine(file, problem)}\n`)
  return { text, plan }
}

/** @returns the seed given, or the plan's own; with another one the plan is checked again, since faults begin at other moments */
export function seedFor(plan: Plan, value: string | boolean | undefined): number {
  if (value === undefined) return plan.seed
  const seed = Number(value)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new LabFailure('usage', `--seed ${String(value)}: an integer from 0 to 2^53−1 is needed`)
  const problems = problemsWithSeed(plan, seed)
  if (problems.length > 0) throw new LabFailure('usage', `with seed ${seed}: ${problems.join('; ')}`, 'take another seed, or change the plan')
  return seed
}
