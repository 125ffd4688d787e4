/** `load`: one client group, how often it asks what. */
import { isSeq } from 'yaml'
import { choice, duration, integer, notInThisVersion, rate, size, text } from '../field'
import { laterKeys } from '../later'
import { openMap, PlanMap, type Keys } from '../map'
import type { LoadSettings } from '../plan'
import { reservedNames } from '../targets'
import { NAME, NAME_RULE } from './nodes'

const keys: Keys = { known: ['name', 'rate', 'arrivals', 'mix', 'keys', 'valueSize', 'client'], later: laterKeys.load }
const operations = ['put', 'get', 'delete', 'cas', 'append'] as const

const fields = {
  name: { ...text({ help: 'name of the client group', maxLength: 100, pattern: NAME, like: NAME_RULE }), initial: 'client' },
  rate: { ...rate({ help: 'requests per second, all together', min: 0.1, max: 20_000 }), initial: 200 },
  arrivals: { ...choice({ help: 'how requests are spaced', options: ['poisson', 'constant'] }), initial: 'poisson' as const },
  weight: { ...integer({ help: 'share of this operation', min: 0, max: 1_000_000 }), initial: 0 },
  keys: { ...integer({ help: 'how many keys are used', min: 1, max: 1_000_000 }), initial: 100 },
  // Values carry key, client, sequence and checksum, which need room.
  valueSize: { ...size({ help: 'size of a value', min: 64, max: 1024 * 1024 }), initial: 128 },
  connectTimeout: { ...duration({ help: 'for the connection', min: 10, max: 600_000 }), initial: 1000 },
  readTimeout: { ...duration({ help: 'for the answer', min: 10, max: 600_000 }), initial: 3000 },
}

export function readLoad(plan: PlanMap, nodeIds: readonly string[]): LoadSettings {
  const load = openLoad(plan)
  const client = load.map('client', { known: ['connectTimeout', 'readTimeout'], later: laterKeys.client })
  const name = load.readOr('name', fields.name)
  if (reservedNames.includes(name)) plan.source.error(load.at('name'), `"${name}" is a target's name and can't be a group's`)
  else if (nodeIds.includes(name)) plan.source.error(load.at('name'), `"${name}" is a node's name: the group's proxies would be called like its links`)
  return {
    name,
    ratePerS: load.readOr('rate', fields.rate),
    arrivals: load.readOr('arrivals', fields.arrivals),
    mix: readMix(load),
    keys: load.readOr('keys', fields.keys),
    valueSizeBytes: load.readOr('valueSize', fields.valueSize),
    client: {
      connectTimeoutMs: client.readOr('connectTimeout', fields.connectTimeout),
      readTimeoutMs: client.readOr('readTimeout', fields.readTimeout),
    },
  }
}

function openLoad(plan: PlanMap): PlanMap {
  if (!isSeq(plan.node('load'))) return plan.map('load', keys)
  const [first, second] = plan.items('load')
  if (second) plan.source.error(second.path, notInThisVersion('more than one client group'), null, second.node)
  if (!first) plan.source.error('load', 'a load needs a client group')
  const opened = first ? openMap(plan.source, first.path, first.node, keys) : null
  return opened ?? new PlanMap(plan.source, 'load', new Map())
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
