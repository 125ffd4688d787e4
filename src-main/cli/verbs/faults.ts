import { catalogue, type CatalogueFault, type CatalogueParameter } from '@shared/plan/faults/catalogue'
import { nearestWord } from '@shared/plan/nearest'
import { EXIT, LabFailure } from '../../lab/failure'
import { outputOf } from '../output'
import type { Verb } from '../verb'

export const faults: Verb = {
  name: 'faults',
  usage: '[NAME]',
  summary: 'lists every fault that a plan can have, or says all about one',
  example: 'faultline faults latency',
  options: {},
  words: [0, 1],
  async run({ positionals: [name], json }) {
    const out = outputOf(json)
    const all = catalogue()
    const chosen = name === undefined ? all : all.filter(({ fault }) => fault === name)
    if (chosen.length === 0) {
      const nearest = nearestWord(name!, all.map(({ fault }) => fault))
      throw new LabFailure('usage', `there is no fault ${name}${nearest === null ? '' : `; did you mean ${nearest}?`}`)
    }
    if (name === undefined) list(all, out.line)
    else for (const fault of chosen) describe(fault, out.line)
    out.document({ faults: chosen })
    return EXIT.held
  },
}

type Line = (text: string) => void

function list(all: readonly CatalogueFault[], line: Line): void {
  for (const [index, { fault, family, help }] of all.entries()) {
    if (family !== all[index - 1]?.family) line(`${index === 0 ? '' : '\n'}${family}`)
    line(`  ${fault.padEnd(16)} ${help}`)
  }
  line('\nfaultline faults NAME says what a fault needs.')
}

function describe({ fault, family, help, caution, targets, parameters, example }: CatalogueFault, line: Line): void {
  line(`${fault} (${family}) ${help}`)
  if (caution !== null) line(`mind: ${caution}`)
  line(`targets: ${targets}`)
  for (const parameter of parameters) line(`  ${parameter.name.padEnd(16)} ${parameter.help} (${rangeOf(parameter)})`)
  line(`example: - ${example}`)
}

function rangeOf({ kind, options, least, most, initial }: CatalogueParameter): string {
  const values = options.length > 0 ? options.join(' | ') : least === null || most === null ? kind : `${kind}, ${least} to ${most}`
  const without = initial === null ? 'must be given' : initial === '' ? 'may be left out' : `default ${initial}`
  return `${values}; ${without}`
}
