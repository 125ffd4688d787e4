/** The list of faults as plain data, for people and for what has no parser: the verb, the window, the handbook's page. */
import type { Field } from '../field'
import type { Fault, FaultFamily } from './fault'
import { faultFamilies } from './fault'
import { faultKinds } from './index'

export interface CatalogueParameter {
  name: string
  kind: Field<unknown>['kind']
  help: string
  /** as a plan says it; null = must be given. '' = nothing */
  initial: string | null
  /** smallest and largest value as a plan says them; null = none */
  least: string | null
  most: string | null
  /** accepted words; empty where it is not one of a few */
  options: readonly string[]
}

export interface CatalogueFault {
  fault: string
  family: FaultFamily
  help: string
  caution: string | null
  targets: Fault['targets']
  parameters: CatalogueParameter[]
  /** an entry of a timeline */
  example: string
}

/** By family, and within it in the order of the list. */
export function catalogue(): CatalogueFault[] {
  return faultFamilies.flatMap((family) => faultKinds.filter((fault) => fault.family === family).map(describe))
}

function describe(fault: Fault): CatalogueFault {
  const { kind, family, help, caution, targets } = fault
  const parameters = Object.entries(fault.parameters).map(([name, field]) => describeParameter(name, field))
  return { fault: kind, family, help, caution, targets, parameters, example: exampleOf(fault, parameters) }
}

function describeParameter(name: string, field: Field<unknown>): CatalogueParameter {
  const limit = (value: number | undefined): string | null => (value === undefined || !Number.isFinite(value) ? null : field.format(value))
  return {
    name,
    kind: field.kind,
    help: field.help,
    initial: field.initial === undefined ? null : field.initial === null ? '' : field.format(field.initial),
    least: limit(field.min),
    most: limit(field.max),
    options: field.options ?? [],
  }
}

const EXAMPLE_TARGET: Record<Fault['targets'], string> = { nodes: ', target: leader', 'nodes or links': ', target: leader', groups: '', none: '' }

/** With what must be given, and nothing else. */
function exampleOf(fault: Fault, parameters: readonly CatalogueParameter[]): string {
  const { kind, targets } = fault
  const given = parameters.filter(({ initial }) => initial === null).map((parameter) => `, ${parameter.name}: ${valueFor(parameter)}`)
  const change = fault.membersChange({}, ['n6'])
  const target = change?.kind === 'change' && change.joins.includes('n6') ? ', target: n6' : EXAMPLE_TARGET[targets]
  return `{ id: ${kind}-1, at: 2s, for: 5s, fault: ${kind}${target}${given.join('')} }`
}

/** The one that its help names, else the first word or the smallest value. */
function valueFor({ name, help, options, least }: CatalogueParameter): string {
  const named = new RegExp(String.raw`e\.g\. (?:${name}: )?([^\s,;]+)`).exec(help)?.[1]
  return named ?? options[0] ?? least ?? 'n1'
}
