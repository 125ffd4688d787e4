/** Words of the plan that a later version will know. They are refused by name, never ignored. */

export const laterKeys = {
  plan: ['compare', 'zones', 'drill', 'alerts', 'variables', 'extends'],
  raft: ['strategy', 'leaseDuration', 'leaderLease'],
  network: ['bandwidth', 'loss', 'links'],
  load: ['shape', 'ramp', 'distribution', 'zone', 'sessions'],
  client: ['retry', 'breaker', 'bulkhead', 'hedge', 'timeout', 'fallback', 'rateLimit', 'policy', 'backoff'],
  timeline: ['shape', 'ramp', 'toxicity', 'stream'],
  slo: ['alerts', 'window', 'budget'],
  expectation: ['slo', 'zone', 'group'],
} as const

export const laterFaults = [
  'bandwidth', 'slicer', 'slow_close', 'reset', 'reset_peer', 'limit', 'limit_data', 'flap', 'spike', 'jitter-spike', 'loss', 'duplicate', 'reorder',
  'overload',
] as const
