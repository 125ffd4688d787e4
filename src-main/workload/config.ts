/** The configuration as it comes in through the environment: not trusted, though the engine is our parent. */
import { type GroupConfig, WORKLOAD_CONFIG_ENV, type WorkloadConfig } from './child'
import { shortestValueBytesOf } from './schedule'

/** @throws Error that names what is wrong */
export function readConfig(env: NodeJS.ProcessEnv): WorkloadConfig {
  const text = env[WORKLOAD_CONFIG_ENV]
  if (!text) throw new Error(`${WORKLOAD_CONFIG_ENV} is not set: the load generator is started by the engine`)
  const config = JSON.parse(text) as WorkloadConfig
  const wrong = wrongIn(config)
  if (wrong) throw new Error(`${WORKLOAD_CONFIG_ENV}: ${wrong}`)
  return config
}

function wrongIn({ seed, groups, originNs, durationMs }: WorkloadConfig): string | null {
  if (!Number.isSafeInteger(seed)) return 'seed must be an integer'
  if (!(durationMs > 0 && durationMs < Infinity)) return 'durationMs must be above 0'
  if (!/^\d+$/.test(originNs)) return 'originNs must be nanoseconds in decimal digits'
  if (groups.length === 0) return 'groups must not be empty'
  return groups.map((group) => wrongInGroup(group, durationMs)).find((wrong) => wrong !== null) ?? null
}

function wrongInGroup({ load, nodes }: GroupConfig, durationMs: number): string | null {
  const isNode = ({ id, port }: (typeof nodes)[number]): boolean => id !== '' && port > 0 && port < 65536
  if (nodes.length === 0 || !nodes.every(isNode)) return 'nodes must have an id and a port each'
  if (!(load.ratePerS > 0 && load.ratePerS < Infinity)) return 'load.ratePerS must be above 0'
  if (load.arrivals !== 'poisson' && load.arrivals !== 'constant') return 'load.arrivals must be poisson or constant'
  if (!Number.isSafeInteger(load.keys) || load.keys < 1) return 'load.keys must be an integer from 1'
  const { put, get, delete: deletes, cas, append } = load.mix
  const weights = [put, get, deletes, cas, append]
  const isMix = weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0)
  if (!isMix) return 'load.mix must have a weight above 0'
  if (!(load.client.connectTimeoutMs > 0 && load.client.readTimeoutMs > 0)) return 'load.client must have timeouts above 0'
  const shortest = shortestValueBytesOf(load, durationMs)
  if (load.valueSizeBytes < shortest && put + cas + append > 0) {
    return `load.valueSizeBytes is ${load.valueSizeBytes}: key, client, sequence and checksum need ${shortest} here`
  }
  return null
}
