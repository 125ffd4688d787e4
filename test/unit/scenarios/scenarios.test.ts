/** The incidents that come along: complete, clean, short enough, and alike but for what they are about. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { faultKinds } from '@shared/plan/faults'
import { parsePlan } from '@shared/plan/parse'
import { planDurationMs } from '@shared/plan/phases'
import { configurations, scenarios } from '../../../src-main/lab/scenarios/scenario'

const folder = new URL('../../../resources/scenarios/', import.meta.url).pathname
const all = scenarios(folder)

/** A run has to end within three minutes. */
const DURATION_MS_MAX = 180_000

describe('the scenarios that come along', () => {
  it('every numbered folder is one, and all numbers differ', () => {
    expect(readdirSync(folder).filter((name) => /^\d/.test(name))).toEqual(all.map(({ id }) => id))
    expect(new Set(all.map(({ number }) => number)).size).toBe(all.length)
  })

  describe.each(all)('$id', (scenario) => {
    it.each(configurations)('its %s plan checks clean, expects what tells, and is short enough', (configuration) => {
      const { text } = scenario.plans[configuration]
      const { plan, problems } = parsePlan(text)
      expect(problems).toEqual([])
      expect(planDurationMs(plan!)).toBeLessThan(DURATION_MS_MAX)
      expect(plan!.expect.map(({ metric }) => metric)).toEqual(expect.arrayContaining(scenario.tells.metrics))
    })

    it('its plans differ in what it says, and in nothing else', () => {
      const [bad, good] = configurations.map((which) => parse(scenario.plans[which].text) as unknown)
      const paths = differences(bad, good)
      for (const path of paths) expect(scenario.tells.differs.some((said) => isWithin(path, said)), `${path} differs`).toBe(true)
      for (const said of scenario.tells.differs) expect(paths.some((path) => isWithin(path, said)), `${said} differs`).toBe(true)
    })

    it('it names the faults of its plans', () => {
      const used = configurations.flatMap((which) => scenario.plans[which].plan.timeline.map(({ fault }) => fault))
      expect(new Set(scenario.faults)).toEqual(new Set(used))
      for (const fault of scenario.faults) expect(faultKinds.map(({ kind }) => kind)).toContain(fault)
    })
  })

  it('come with a drill, several times each fault', () => {
    const { plan, problems } = parsePlan(readFileSync(`${folder}drill-table/plan.yaml`, 'utf8'))
    expect(problems).toEqual([])
    expect(planDurationMs(plan!)).toBeLessThan(DURATION_MS_MAX)
    for (const { repeat } of plan!.timeline) expect(repeat?.count).toBeGreaterThanOrEqual(3)
  })
})

/** Where two documents differ, as paths like `cluster.nodes[2].learner`. */
function differences(a: unknown, b: unknown, path = ''): string[] {
  if (isList(a) && isList(b)) return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => differences(a[index], b[index], `${path}[${index}]`)).flat()
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`))
  }
  return a === b ? [] : [path]
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !isList(value)
const isWithin = (path: string, said: string): boolean => path === said || path.startsWith(`${said}.`) || path.startsWith(`${said}[`)
