/** The field's words, the same on every screen, in the report and in the command line. */
export const words = {
  verdict: { HELD: 'HELD', NOT_HELD: 'NOT HELD', INCONCLUSIVE: 'INCONCLUSIVE' },
  end: { RUNNING: 'running', COMPLETED: 'completed', CANCELED: 'canceled', ERRORED: 'errored' },
  phase: {
    preflight: 'Preflight',
    warmup: 'Warm-up',
    baseline: 'Baseline',
    faults: 'Faults',
    recovery: 'Recovery',
    cleanup: 'Cleanup',
  },
  role: {
    leader: 'leader',
    follower: 'follower',
    candidate: 'candidate',
    learner: 'learner',
    paused: 'paused',
    down: 'down',
    'stale-leader': 'stale leader',
  },
  fault: { crash: 'crash', pause: 'pause', latency: 'latency', partition: 'partition' },
  outcome: { ok: 'ok', fail: 'fail', unknown: 'unknown' },
  unit: { opsPerS: 'ops/s', ms: 'ms', percent: '%', cores: '{n} cores', mib: '{n} MiB' },
  valid: { yes: 'valid', no: 'invalid' },
  none: '–',
}
