/** `load`: the client groups, and how often each asks what. */
import { isSeq } from 'yaml'
import { choice, duration, integer, rate, size, text } from '../field'
import { laterKeys } from '../later'
import { openMap, PlanMap, type Keys } from '../map'
import type { LoadSettings } from '../plan'
import { reservedNames } from '../targets'
import { NAME, NAME_RULE } from './nodes'

const keys: Keys = { known: ['name', 'rate', 'arrivals', 'mix', 'keys', 'keyPrefix', 'valueSize', 'client'], later: laterKeys.load }
const operations = ['put', 'get', 'delete', 'cas', 'append'] as const

const fields = {
  name: { ...text({ help: 'name of the client group', maxLength: 100, pattern: NAME, like: NAME_RULE }), initial: 'client' },
  rate: { ...rate({ help: 'requests per second, all together', min: 0.1, max: 20_000 }), initial: 200 },
  arrivals: { ...choice({ help: 'how requests are spaced', options: ['poisson', 'constant'] }), initial: 'poisson' as const },
  weight: { ...integer({ help: 'share of this operation', min: 0, max: 1_000_000 }), initial: 0 },
  keys: { ...integer({ help: 'how many keys are used', min: 1, max: 1_000_000 }), initial: 100 },
  keyPrefix: { ...text({ help: 'put before each key: groups without one share the keys', maxLength: 100, pattern: NAME, like: NAME_RULE }), initial: '' },
  // Values carry key, client, sequence and checksum, which need room.
  valueSize: { ...size({ help: 'size of a value', min: 64, max: 1024 * 1024 }), initial: 128 },
  connectTimeout: { ...duration({ help: 'for the connection', min: 10, max: 600_000 }), initial: 1000 },
  readTimeout: { ...duration({ help: 'for the answer', min: 10, max: 600_000 }), initial: 3000 },
  pool: integer({ help: 'connections of the group to each node, at most; the others wait up to connectTimeout', min: 1, max: 10_000 }),
}

/** Its proxies are called after it, nine nodes a group: more would be a forest of ports. */
const GROUPS_MAX = 8

/** @returns at least one group, also where the plan says nothing */
export function readLoads(plan: PlanMap, nodeIds: readonly string[]): LoadSettings[] {
  const names = new Set<string>()
  return openLoads(plan).map((load) => {
    const settings = readLoad(load, nodeIds)
    if (names.has(settings.name)) plan.source.error(load.at('name'), `there are two client groups "${settings.name}"`)
    names.add(settings.name)
    return settings
  })
}

function readLoad(load: PlanMap, nodeIds: readonly string[]): LoadSettings {
  const { source } = load
  const client = load.map('client', { known: ['connectTimeout', 'readTimeout', 'pool'], later: laterKeys.client })
  const name = load.readOr('name', fields.name)
  if (reservedNames.includes(name)) source.error(load.at('name'), `"${name}" is a target's name and can't be a group's`)
  else if (nodeIds.includes(name)) source.error(load.at('name'), `"${name}" is a node's name: the group's proxies would be called like its links`)
  return {
    name,
    ratePerS: load.readOr('rate', fields.rate),
    arrivals: load.readOr('arrivals', fields.arrivals),
    mix: readMix(load),
    keys: load.readOr('keys', fields.keys),
    keyPrefix: load.readOr('keyPrefix', fields.keyPrefix),
    valueSizeBytes: load.readOr('valueSize', fields.valueSize),
    client: {
      connectTimeoutMs: client.readOr('connectTimeout', fields.connectTimeout),
      readTimeoutMs: client.readOr('readTimeout', fields.readTimeout),
      pool: client.readOptional('pool', fields.pool),
    },
  }
}

function openLoads(plan: PlanMap): PlanMap[] {
  if (!isSeq(plan.node('load'))) return [plan.map('load', keys)]
  const items = plan.items('load')
  if (items.length === 0) plan.source.error('load', 'a load needs a client group')
  if (items.length > GROUPS_MAX) plan.source.error('load', `more than ${GROUPS_MAX} client groups`)
  const groups = items.flatMap((item) => openNamed(plan, item, items.length > 1) ?? [])
  return groups.length > 0 ? groups : [new PlanMap(plan.source, 'load', new Map())]
}

/** One of several has to say its name. */
function openNamed(plan: PlanMap, { path, node }: ReturnType<PlanMap['items']>[number], isOneOfSeveral: boolean): PlanMap | null {
  const opened = openMap(plan.source, path, node, keys)
  if (opened && isOneOfSeveral && !opened.has('name')) plan.source.error(opened.at('name'), 'name is missing: one of several client groups needs one')
  return opened
}

/** Operations that are not named get no share; without `mix` half are puts and half gets. */
function readMix(load: PlanMap): LoadSettings['mix'] {
  if (!load.has('mix')) return { put: 50, get: 50, delete: 0, cas: 0, append: 0 }
  const mix = load.map('mix', { known: operations })
  const shares = Object.fromEntries(operations.map((operation) => [operation, mix.readOr(operation, fields.weight)])) as LoadSettings['mix']
  if (operations.every((operation) => shares[operation] === 0) && !load.source.isBroken(mix.path)) {
    load.source.error(mix.path, 'every share is 0: nothing would be asked', '{ put: 50, get: 50 }')
  }
  return shares
}
