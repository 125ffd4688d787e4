/**
 * What Live shows: one frame five times a second. Its size depends on the number of nodes and faults only,
 * never on the request rate. Versioned: a renderer refuses a frame it does not know.
 */
import { z } from 'zod'
import { faultFamilies } from '../plan/faults/fault'

export const LIVE_VERSION = 2

const faultSize = z.object({
  what: z.string(),
  asked: z.number(),
  seen: z.number(),
  spread: z.number().nullable(),
  n: z.number(),
  unit: z.string(),
})
const nodeState = z.enum(['leader', 'follower', 'candidate', 'learner', 'paused', 'down', 'stale-leader'])
const phase = z.enum(['preflight', 'warmup', 'baseline', 'faults', 'recovery', 'cleanup'])

export const liveFrame = z.object({
  v: z.literal(LIVE_VERSION),
  run: z.string(),
  title: z.string(),
  /** counts up by one a frame; a gap means that frames were dropped */
  seq: z.number().int(),
  phase,
  /** what is being done now, e.g. "starting 5 nodes"; empty where the phase says it all */
  step: z.string(),
  /** ms since load start (negative before it) and when the plan ends */
  nowMs: z.number(),
  totalMs: z.number(),
  phases: z.array(z.object({ phase, fromMs: z.number(), toMs: z.number() })),
  state: z.enum(['STARTING', 'SERVING', 'DEGRADED', 'NO LEADER', 'NO QUORUM', 'STOPPING', 'ENDED']),
  /** how long `state` has lasted */
  stateForMs: z.number(),
  leader: z.object({ node: z.string(), term: z.number() }).nullable(),
  nodes: z.array(
    z.object({
      id: z.string(),
      /** null = in none */
      zone: z.string().nullable(),
      state: nodeState,
      term: z.number(),
      commit: z.number(),
      /** entries behind the newest commit index */
      lag: z.number(),
      pid: z.number().nullable(),
    }),
  ),
  links: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /** as the lab set it; touched: a fault acts here that neither cuts nor only delays */
      state: z.enum(['ok', 'cut', 'slow', 'touched']),
      delayMs: z.number(),
      /** as the nodes measured it */
      rttMs: z.number().nullable(),
    }),
  ),
  /** the last second, as requests settled: requests per second and latency in ms (null: too few requests); what is in flight for over a second counts against availability */
  load: z.object({
    ok: z.number(),
    fail: z.number(),
    unknown: z.number(),
    availability: z.number().nullable(),
    p50: z.number().nullable(),
    p99: z.number().nullable(),
    max: z.number().nullable(),
    n: z.number(),
  }),
  /** whole run so far */
  total: z.object({ ok: z.number(), fail: z.number(), unknown: z.number() }),
  /** bins of 200 ms that were completed since the last frame (at most 10) for the rolling charts */
  bins: z.array(
    z.object({
      atMs: z.number(),
      ok: z.number(),
      fail: z.number(),
      unknown: z.number(),
      p50: z.number().nullable(),
      p99: z.number().nullable(),
      max: z.number().nullable(),
    }),
  ),
  faults: z.array(
    z.object({
      id: z.string(),
      fault: z.string(),
      family: z.enum(faultFamilies),
      /** as in the plan until drawn, then the nodes or links */
      targets: z.array(z.string()),
      /** where it acts once it is drawn; nothing in any of them = the cluster as a whole */
      at: z.object({
        nodes: z.array(z.string()),
        links: z.array(z.object({ from: z.string(), to: z.string() })),
        /** nodes whose client path it touches */
        clients: z.array(z.string()),
        /** client groups */
        groups: z.array(z.string()),
      }),
      /** its parameters as the plan says them, and the one that tells most; empty where there is nothing to say */
      asked: z.string(),
      label: z.string(),
      /** what was last seen of it, in words; null = nothing yet */
      seen: z.string().nullable(),
      /** asked beside seen so far; null = nothing that could be measured yet */
      size: faultSize.nullable(),
      state: z.enum(['planned', 'applying', 'active', 'undoing', 'gone', 'failed']),
      plannedFromMs: z.number(),
      plannedToMs: z.number(),
      effectiveFromMs: z.number().nullable(),
      effectiveToMs: z.number().nullable(),
    }),
  ),
  /** new log lines since the last frame, at most 20 */
  log: z.array(z.object({ atMs: z.number(), source: z.string(), text: z.string() })),
  /** set in the last frame */
  ended: z
    .object({
      end: z.enum(['COMPLETED', 'CANCELED', 'ERRORED']),
      verdict: z.enum(['HELD', 'NOT_HELD', 'INCONCLUSIVE']),
      cleanup: z.object({ done: z.number(), of: z.number() }),
    })
    .nullable(),
})

export type LiveFrame = z.infer<typeof liveFrame>
