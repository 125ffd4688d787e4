import { describe, expect, it } from 'vitest'
import { expand, substitute } from '@shared/plan/expand'
import { baseToxics } from '@shared/plan/standing'
import { faultKinds } from '@shared/plan/faults'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import type { ScheduledFault } from '@shared/plan/schedule'

function planOf(text: string): Plan {
  const { plan, problems } = parsePlan(`faultline: 1\ntitle: T\nexpect: [{ metric: lost_writes, is: "== 0" }]\n${text}`)
  if (!plan) throw new Error(JSON.stringify(problems))
  return plan
}
const only = (entry: string, rest = 'cluster: { nodes: 3 }\n'): ScheduledFault =>
  expand(planOf(`${rest}timeline:\n  - { id: f-1, at: 2s, for: 5s, ${entry} }`), 42).schedule[0]!

describe('the schedule', () => {
  it('counts from load start, in order of time, and a fault without `for` lasts until its phase ends, one for good until the run does', () => {
    const plan = planOf(`timeline:
  - { id: late, at: 20s, fault: latency, latency: 5ms, target: n1 }
  - { id: early, phase: baseline, at: 1s, for: 1s, fault: pause, target: n2 }
  - { id: lasting, at: 2s, for: good, fault: crash, target: n4 }
  - { id: middle, at: 0s, for: 500ms, fault: crash, target: leader }`)
    const { seed, duration_ms, schedule } = expand(plan, 9)
    expect({ seed, duration_ms }).toEqual({ seed: 9, duration_ms: 60_000 })
    expect(schedule.map(({ id, at_ms, until_ms }) => [id, at_ms, until_ms])).toEqual([
      ['early', 6000, 7000], ['middle', 15_000, 15_500], ['lasting', 17_000, 60_000], ['late', 35_000, 45_000],
    ])
  })

  it('is the same for the same seed, and draws differently for others', () => {
    const plan = planOf('timeline:\n  - { id: a, at: 1s, for: 1s, fault: crash, target: any }')
    expect(expand(plan, 1)).toEqual(expand(plan, 1))
    expect(new Set(Array.from({ length: 40 }, (_, seed) => expand(plan, seed).schedule[0]!.target)).size).toBe(5)
  })

  it('says what the clean-up does', () => {
    const { cleanup } = expand(planOf(''), 1)
    expect(cleanup.join('\n')).toContain('25: 20 peer links, 5 client paths')
  })
})

describe('the calls of', () => {
  it('crash: killed, and started again', () => {
    expect(only('fault: crash, target: leader')).toEqual({
      id: 'f-1', fault: 'crash', at_ms: 17_000, until_ms: 22_000, target: 'leader',
      calls: [{ method: 'SIGNAL', path: 'leader', body: 'SIGKILL' }],
      undo: [{ method: 'START', path: 'leader', body: null }],
    })
  })

  it('pause: stopped, and continued', () => {
    expect(only('fault: pause, target: n3')).toMatchObject({
      target: 'n3',
      calls: [{ method: 'SIGNAL', path: 'n3', body: 'SIGSTOP' }],
      undo: [{ method: 'SIGNAL', path: 'n3', body: 'SIGCONT' }],
    })
  })

  it('latency: one upstream toxic on each directed link, removed in reverse order', () => {
    const toxic = { name: 'f-1', type: 'latency', stream: 'upstream', toxicity: 1, attributes: { latency: 40, jitter: 10 } }
    expect(only('fault: latency, latency: 40ms, jitter: 10ms, target: "leader->*"')).toMatchObject({
      target: 'leader->*',
      calls: [
        { method: 'POST', path: '/proxies/leader-follower#1/toxics', body: toxic },
        { method: 'POST', path: '/proxies/leader-follower#2/toxics', body: toxic },
      ],
      undo: [
        { method: 'DELETE', path: '/proxies/leader-follower#2/toxics/f-1', body: null },
        { method: 'DELETE', path: '/proxies/leader-follower#1/toxics/f-1', body: null },
      ],
    })
  })

  it.each([['stall', 'bandwidth', { rate: 0 }], ['drop', 'timeout', { timeout: 0 }]])('partition %s: the toxic %s', (mode, type, attributes) => {
    expect(only(`fault: partition, mode: ${mode}, target: n1->n2`)).toMatchObject({
      target: 'n1->n2',
      calls: [{ method: 'POST', path: '/proxies/n1-n2/toxics', body: { name: 'f-1', type, stream: 'upstream', toxicity: 1, attributes } }],
      undo: [{ method: 'DELETE', path: '/proxies/n1-n2/toxics/f-1', body: null }],
    })
  })

  it('partition refuse: the proxy disabled, and enabled again', () => {
    expect(only('fault: partition, mode: refuse, target: n1<->n2')).toMatchObject({
      calls: [
        { method: 'PATCH', path: '/proxies/n1-n2', body: { enabled: false } },
        { method: 'PATCH', path: '/proxies/n2-n1', body: { enabled: false } },
      ],
      undo: [
        { method: 'PATCH', path: '/proxies/n2-n1', body: { enabled: true } },
        { method: 'PATCH', path: '/proxies/n1-n2', body: { enabled: true } },
      ],
    })
  })

  it('a client path: both streams, on the proxy of the client group', () => {
    const fault = only('fault: partition, mode: drop, path: client, target: leader', 'load: { name: web }\n')
    expect(fault.calls.map((call) => [call.path, (call.body as { name: string; stream: string }).name, (call.body as { stream: string }).stream])).toEqual([
      ['/proxies/web-leader/toxics', 'f-1-up', 'upstream'],
      ['/proxies/web-leader/toxics', 'f-1-down', 'downstream'],
    ])
    expect(fault.undo.map((call) => call.path)).toEqual(['/proxies/web-leader/toxics/f-1-down', '/proxies/web-leader/toxics/f-1-up'])
    expect(substitute(fault.undo, { leader: 'n4' })[0]!.path).toBe('/proxies/web-n4/toxics/f-1-down')
  })
})

describe('several client groups', () => {
  const groups = 'load: [{ name: web }, { name: batch, client: { pool: 4 }, keyPrefix: b }]\n'

  it('have their own settings, and proxies of their own at each node', () => {
    expect(planOf(groups.trim()).loads).toMatchObject([{ name: 'web', client: { pool: null }, keyPrefix: '' }, { name: 'batch', client: { pool: 4 }, keyPrefix: 'b' }])
    const fault = only('fault: partition, mode: refuse, path: client, target: leader', groups)
    expect(fault.calls.map((call) => call.path)).toEqual(['/proxies/web-leader', '/proxies/batch-leader'])
    expect(fault.undo.map((call) => call.path)).toEqual(['/proxies/batch-leader', '/proxies/web-leader'])
  })
})

describe('putting roles in', () => {
  it('leaves the name of a toxic alone, also where a fault is called like a role', () => {
    const call = { method: 'DELETE' as const, path: '/proxies/leader-follower#1/toxics/leader', body: null }
    expect(substitute([call], { leader: 'n2', 'follower#1': 'n1' })).toEqual([{ ...call, path: '/proxies/n2-n1/toxics/leader' }])
  })
})

describe('the standing network', () => {
  it('is one toxic `base` on each directed peer link, and none without latency', () => {
    expect(baseToxics(planOf('cluster: { nodes: 3 }'))).toEqual([])
    const calls = baseToxics(planOf('cluster: { nodes: 3, network: { latency: 5ms, jitter: 1ms } }'))
    expect(calls.map((call) => call.path)).toEqual(['n1-n2', 'n1-n3', 'n2-n1', 'n2-n3', 'n3-n1', 'n3-n2'].map((name) => `/proxies/${name}/toxics`))
    expect(calls[0]!.body).toEqual({ name: 'base', type: 'latency', stream: 'upstream', toxicity: 1, attributes: { latency: 5, jitter: 1 } })
  })
})

describe('the list of faults', () => {
  it('says what each one needs, in words and with bounds', () => {
    expect(faultKinds.map((fault) => [fault.kind, fault.family, Object.keys(fault.parameters)])).toEqual([
      ['crash', 'process', ['restart']],
      ['restart', 'process', ['down']],
      ['crash-loop', 'process', ['period', 'up']],
      ['rolling-restart', 'process', ['down', 'pause', 'wait']],
      ['slow-start', 'process', ['delay']],
      ['pause', 'process', []],
      ['latency', 'network', ['latency', 'jitter', 'path', 'stream']],
      ['jitter-spike', 'network', ['base', 'spike', 'period', 'width', 'path', 'stream']],
      ['bandwidth', 'network', ['rate', 'path', 'stream']],
      ['partition', 'network', ['mode', 'shape', 'path']],
      ['flapping', 'network', ['period', 'duty', 'mode', 'path']],
      ['reset', 'network', ['delay', 'path', 'stream']],
      ['slow-close', 'network', ['delay', 'path', 'stream']],
      ['slicing', 'network', ['averageSize', 'variation', 'delay', 'path', 'stream']],
      ['limit', 'network', ['bytes', 'path', 'stream']],
      ['loss', 'network', ['share']],
      ['duplicate', 'network', ['share']],
      ['reorder', 'network', ['share']],
      ['fsync-slow', 'storage', ['delay', 'grow']],
      ['disk-full', 'storage', []],
      ['disk-error', 'storage', []],
      ['disk-hang', 'storage', []],
      ['torn-write', 'storage', []],
      ['bit-flip', 'storage', []],
      ['clock-step', 'clock', ['step']],
      ['clock-drift', 'clock', ['ppm']],
      ['timer-rate', 'clock', ['rate']],
      ['cpu', 'resource', ['share', 'cores']],
      ['loop-stall', 'resource', ['stall', 'period']],
      ['memory', 'resource', ['size']],
      ['spike', 'traffic', ['rate']],
      ['ramp', 'traffic', ['to']],
      ['hot-key', 'traffic', ['share']],
      ['large-values', 'traffic', ['size']],
      ['pool', 'traffic', ['size']],
      ['transfer', 'operator', ['to']],
      ['snapshot', 'operator', []],
      ['add-node', 'operator', ['learner', 'force', 'start']],
      ['remove-node', 'operator', ['force']],
      ['replace-node', 'operator', ['with', 'force']],
      ['force-members', 'operator', []],
    ])
    for (const fault of faultKinds) {
      expect(fault.help).not.toBe('')
      for (const field of Object.values(fault.parameters)) expect(field.help).not.toBe('')
    }
  })
})
