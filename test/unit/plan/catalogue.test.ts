/**
 * The list of faults in words. The handbook's page is written from the same list: UPDATE_FAULTS=1 writes it instead of
 * comparing it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, type CatalogueFault } from '@shared/plan/faults/catalogue'
import { liveMetricNames, liveMetrics } from '@shared/plan/live-condition'
import { parsePlan } from '@shared/plan/parse'

const PAGE = new URL('../../../resources/handbook/faults.md', import.meta.url)
const BEGIN = '<!-- faults: written by UPDATE_FAULTS=1 -->\n'
const END = '<!-- end -->'

const NODES = 'cluster: { nodes: [{ id: n1, zone: a }, { id: n2, zone: a }, { id: n3, zone: b }, { id: n4 }, { id: n5 }, { id: n6, spare: true }] }'
const HEAD = `faultline: 1\ntitle: T\n${NODES}\nblastRadius: { nodes: 5, allowQuorumLoss: true }\nexpect: [{ metric: lost_writes, is: "== 0" }]\n`

describe('the catalogue of faults', () => {
  it.each(catalogue().map(({ fault, example }) => [fault, example]))('%s has an example that is right: %s', (_fault, example) => {
    const errors = parsePlan(`${HEAD}timeline:\n  - ${example}\n`).problems.filter(({ severity }) => severity === 'error')
    expect(errors).toEqual([])
  })

  it('says of each in one line what it does, and of each parameter what it is', () => {
    for (const { help, caution, parameters } of catalogue()) {
      for (const words of [help, ...(caution === null ? [] : [caution]), ...parameters.map((parameter) => parameter.help)]) {
        expect(words).toMatch(/^\S[^\n]{5,240}$/)
      }
    }
  })

  it('is what the handbook says', () => {
    const page = readFileSync(PAGE, 'utf8')
    const [before = '', after = ''] = [page.slice(0, page.indexOf(BEGIN) + BEGIN.length), page.slice(page.indexOf(END))]
    const wanted = `${before}${tables(catalogue())}${after}`
    if (process.env.UPDATE_FAULTS === '1') writeFileSync(PAGE, wanted)
    else expect(page, 'UPDATE_FAULTS=1 writes it anew').toBe(wanted)
  })
})

describe('the page of faults in the handbook', () => {
  const page = readFileSync(PAGE, 'utf8')
  const firstCells = (heading: string): string[] => {
    const from = page.indexOf(heading)
    const part = page.slice(from, page.indexOf('\n## ', from + 1))
    return [...part.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!))
  }

  it('names targets that plans can have', () => {
    const targets = firstCells('## Whom')
    expect(targets.length).toBeGreaterThan(20)
    for (const target of targets) {
      const entry = `{ id: f, at: 1s, for: 1s, fault: ${target.includes('->') ? 'latency, latency: 5ms' : 'pause'}, target: "${target}" }`
      const { problems } = parsePlan(`${HEAD.replace('{ id: n4 }', '{ id: n4, learner: true }').replace('nodes: 5', 'nodes: 4')}timeline:\n  - ${entry}\n`)
      expect(problems.filter(({ severity }) => severity === 'error'), target).toEqual([])
    }
  })

  it('says of every metric of conditions what it is', () => {
    expect(firstCells('## When')).toEqual(liveMetricNames)
    for (const { help } of Object.values(liveMetrics)) expect(page).toContain(`| ${help} (`)
  })
})

function tables(all: readonly CatalogueFault[]): string {
  const families = [...new Set(all.map(({ family }) => family))]
  return families.map((family) => `\n## ${family}\n\n${all.filter((fault) => fault.family === family).map(section).join('\n')}`).join('') + '\n'
}

function section({ fault, help, caution, targets, parameters, example }: CatalogueFault): string {
  const rows = parameters.map(({ name, kind, help: what, initial, least, most, options }) => {
    const values = options.length > 0 ? options.join(', ') : least === null || most === null ? kind : `${least} to ${most}`
    return `| \`${name}\` | ${what} | ${values} | ${initial === null ? 'must be given' : initial || '–'} |\n`
  })
  const table = rows.length === 0 ? '' : `\n| parameter | what it is | values | default |\n|---|---|---|---|\n${rows.join('')}`
  return `### ${fault}\n${help[0]!.toUpperCase()}${help.slice(1)}.${caution === null ? '' : ` **Mind:** ${caution}.`} Target: ${targets}.\n${table}\n\`- ${example}\`\n`
}
