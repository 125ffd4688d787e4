import { describe, expect, it } from 'vitest'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import { baseToxics, standingDelay } from '@shared/plan/standing'

const NODES = 'cluster: { nodes: [{ id: n1, zone: paris }, { id: n2, zone: paris }, { id: n3, zone: rome }, { id: n4, zone: oslo, learner: true }, { id: n5 }] }\n'
const parse = (zones: string, rest = '') => parsePlan(`faultline: 1\ntitle: T\nexpect: [{ metric: lost_writes, is: "== 0" }]\n${NODES}${zones}${rest}`)

function planOf(zones: string): Plan {
  const { plan, problems } = parse(zones)
  expect(problems).toEqual([])
  return plan!
}

describe('zones', () => {
  it('are apart by their delays, one way or both, beside what the whole mesh has', () => {
    const plan = planOf('zones: { links: { "paris<->rome": { latency: 10ms, jitter: 2ms }, "rome->oslo": { latency: 40ms }, "paris<->paris": { latency: 1ms } } }\n')
    const between = { ...plan, cluster: { ...plan.cluster, network: { latencyMs: 3, jitterMs: 1 } } }
    expect(standingDelay(between, 'n1', 'n3')).toEqual({ latencyMs: 13, jitterMs: 3 })
    expect(standingDelay(between, 'n3', 'n1')).toEqual({ latencyMs: 13, jitterMs: 3 })
    expect(standingDelay(between, 'n3', 'n4')).toEqual({ latencyMs: 43, jitterMs: 1 })
    expect(standingDelay(between, 'n4', 'n3')).toEqual({ latencyMs: 3, jitterMs: 1 })
    expect(standingDelay(between, 'n1', 'n2')).toEqual({ latencyMs: 4, jitterMs: 1 })
    expect(standingDelay(between, 'n5', 'n1')).toEqual({ latencyMs: 3, jitterMs: 1 })
  })

  it('come to one toxic on each link that has a delay, and none elsewhere', () => {
    const calls = baseToxics(planOf('zones: { links: { "paris->rome": { latency: 10ms } } }\n'))
    expect(calls.map(({ path, body }) => [path, body])).toEqual([
      ['/proxies/n1-n3/toxics', expect.objectContaining({ name: 'base', stream: 'upstream', attributes: { latency: 10, jitter: 0 } })],
      ['/proxies/n2-n3/toxics', expect.objectContaining({ name: 'base' })],
    ])
  })

  it('that nobody is in, that are no pair, or twice the same: said with the place', () => {
    const messages = (links: string): string[] => parse(`zones: { links: { ${links} } }\n`).problems.map(({ path, message, suggestion }) => `${path}: ${message} (${suggestion})`)
    expect(messages('"paris->rom": { latency: 1ms }')).toEqual([expect.stringContaining('no node is in zone "rom" (paris, rome, oslo) (rome)')])
    expect(messages('"paris": { latency: 1ms }')).toEqual([expect.stringContaining('is no pair of zones')])
    expect(messages('"paris<->rome": { latency: 1ms }, "rome->paris": { latency: 2ms }')).toEqual([expect.stringContaining('rome->paris is given twice')])
    expect(messages('"paris->rome": { jitter: 1ms }')).toEqual([expect.stringContaining('latency is missing')])
    expect(messages('"paris->rome": { latency: 1ms, jitter: 2ms }')).toEqual([expect.stringContaining('more than latency')])
  })

  it('warn where voters are farther apart than an election timeout, not where a learner is', () => {
    const warned = (pair: string): boolean => parse(`zones: { links: { "${pair}": { latency: 100ms } } }\n`).problems.some(({ message }) => message.includes('elections without a fault'))
    expect(warned('paris<->rome')).toBe(true)
    expect(warned('paris<->oslo')).toBe(false)
  })
})
