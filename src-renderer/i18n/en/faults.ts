/** Faults: what can be broken, and how is it said? */
export const faults = {
  title: 'Faults',
  count: '{n} shown',
  search: 'Search faults',
  nothing: 'No fault is called like that',
  nothingText: 'Names, families and what they do are searched.',
  targets: { nodes: 'acts on nodes', 'nodes or links': 'acts on nodes or links', groups: 'acts on client groups', none: 'acts on the whole cluster' },
  parameter: 'Parameter',
  values: 'Values',
  usual: 'Without it',
  meaning: 'Meaning',
  required: 'must be given',
  leftOut: 'may be left out',
  noParameters: 'Nothing else is to be said.',
  range: '{least} to {most}',
  caution: 'Mind',
  example: 'In a plan',
}
