/**
 * The list of faults in words. The handbook's page is written from the same list: UPDATE_FAULTS=1 writes it instead of
 * comparing it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, type CatalogueFault } from '@shared/plan/faults/catalogue'
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
