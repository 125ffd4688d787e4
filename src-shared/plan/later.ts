/** Words of the plan that a later version will know. They are refused by name, never ignored. */

export const laterKeys = {
  plan: ['compare', 'drill', 'alerts', 'variables', 'extends'],
  raft: ['strategy', 'leaseDuration', 'leaderLease'],
  network: ['bandwidth', 'loss', 'links'],
  load: ['shape', 'ramp', 'distribution', 'zone', 'sessions'],
  client: ['retry', 'breaker', 'bulkhead', 'hedge', 'timeout', 'fallback', 'rateLimit', 'policy', 'backoff'],
  timeline: ['shape', 'ramp', 'toxicity'],
  slo: ['alerts', 'window', 'budget'],
  expectation: ['slo', 'zone', 'group'],
} as const
