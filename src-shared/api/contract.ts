/**
 * The one contract renderer ↔ shell ↔ engine: channel → {request, response}. Every side parses what it gets.
 * An answer is a Result: an expected failure is a value with what happened and what to do, never an exception.
 */
import { z } from 'zod'
import { faultFamilies } from '../plan/faults/fault'
import type { ReportModel } from '../run/report'

export const failure = z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() })
export type Failure = z.infer<typeof failure>
export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

const runId = z.string().min(1).max(64).regex(/^[\w-]+$/)

const runSummary = z.object({
  run: z.string(),
  title: z.string(),
  started: z.string(),
  end: z.enum(['RUNNING', 'COMPLETED', 'CANCELED', 'ERRORED']),
  verdict: z.enum(['HELD', 'NOT_HELD', 'INCONCLUSIVE']).nullable(),
  valid: z.boolean().nullable(),
  /** of the plan's text */
  sha256: z.string(),
})

/** How the engine is, as the shell sees it. `gone`: it ended without being asked to. */
export const engineStatus = z.object({
  state: z.enum(['running', 'stopping', 'gone']),
  pid: z.number().nullable(),
  /** how it ended, when it is gone */
  code: z.number().nullable(),
  signal: z.string().nullable(),
  /** the last lines it wrote, and the file that holds all of them */
  lastLines: z.array(z.string()),
  logPath: z.string(),
})
export type EngineStatus = z.infer<typeof engineStatus>

const catalogueFault = z.object({
  fault: z.string(),
  family: z.enum(faultFamilies),
  help: z.string(),
  caution: z.string().nullable(),
  targets: z.enum(['nodes', 'nodes or links', 'groups', 'none']),
  parameters: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      help: z.string(),
      /** as a plan says it; null = must be given, '' = may be left out */
      initial: z.string().nullable(),
      least: z.string().nullable(),
      most: z.string().nullable(),
      options: z.array(z.string()).readonly(),
    }),
  ),
  /** an entry of a timeline */
  example: z.string(),
})
export type FaultEntry = z.infer<typeof catalogueFault>

const scenario = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  incident: z.object({ what: z.string(), when: z.string(), source: z.array(z.string()) }),
  /** where the plans are not what happened; null = they are */
  unlike: z.string().nullable(),
  watch: z.array(z.string()),
  operator: z.array(z.string()),
  faults: z.array(z.string()),
  metrics: z.array(z.string()),
  differs: z.array(z.string()),
  configurations: z.array(
    z.object({
      which: z.enum(['bad', 'good']),
      /** for `run:start` */
      plan: z.string(),
      /** what the configuration is */
      what: z.string(),
      hypothesis: z.string().nullable(),
      durationMs: z.number(),
      text: z.string(),
      wanted: z.enum(['HELD', 'NOT_HELD', 'INCONCLUSIVE']),
      /** the newest run of this very plan */
      last: runSummary.nullable(),
    }),
  ),
})
export type ScenarioEntry = z.infer<typeof scenario>

/** A model is made by our own engine and large; its outline is checked here, its shape is `ReportModel`. */
const reportModel = z.custom<ReportModel>(
  (value) => typeof value === 'object' && value !== null && 'report' in value && 'timeline' in value,
  'not a report model',
)

export const contract = {
  'app:info': {
    request: z.object({}),
    response: z.object({ version: z.string(), dataDir: z.string(), platform: z.string() }),
  },
  'engine:status': { request: z.object({}), response: engineStatus },
  /** starts another engine in place of one that is gone; what the old one left behind is undone by its janitor */
  'engine:restart': { request: z.object({}), response: engineStatus },
  /** what `doctor` found */
  'app:doctor': {
    request: z.object({}),
    response: z.object({
      ok: z.boolean(),
      checks: z.array(z.object({ name: z.string(), found: z.string().nullable(), ok: z.boolean(), remedy: z.string().nullable() })),
    }),
  },
  'plans:list': {
    request: z.object({}),
    response: z.array(
      z.object({ id: z.string(), title: z.string(), hypothesis: z.string().nullable(), durationMs: z.number(), text: z.string() }),
    ),
  },
  /** every fault that a plan can have, by family */
  'faults:list': { request: z.object({}), response: z.array(catalogueFault) },
  /** incidents as pairs of plans, each with its last verdicts */
  'scenarios:list': { request: z.object({}), response: z.array(scenario) },
  /** starts a plan by its id from `plans:list` or `scenarios:list`; frames follow on `live` */
  'run:start': { request: z.object({ plan: z.string().max(128) }), response: z.object({ run: z.string() }) },
  /** ends the run early, cleans up, and answers when everything is undone */
  'run:stop': { request: z.object({}), response: z.object({ cleanup: z.object({ done: z.number(), of: z.number() }) }) },
  /** the run in progress, if any: a window that was reloaded finds its way back */
  'run:current': { request: z.object({}), response: z.object({ run: z.string().nullable() }) },
  'runs:list': { request: z.object({}), response: z.array(runSummary) },
  'run:result': { request: z.object({ run: runId }), response: reportModel },
  /** writes the report to a folder the person chooses in a dialog; null = they closed it */
  'report:save': {
    request: z.object({ run: runId, format: z.enum(['html', 'json']) }),
    response: z.object({ path: z.string().nullable() }),
  },
} as const

export type Channel = keyof typeof contract
export type RequestOf<C extends Channel> = z.infer<(typeof contract)[C]['request']>
export type ResponseOf<C extends Channel> = z.infer<(typeof contract)[C]['response']>

/** What the preload puts on `window.faultline`. Subscriptions return their unsubscribe. */
export interface Bridge {
  call<C extends Channel>(channel: C, request: RequestOf<C>): Promise<Result<ResponseOf<C>>>
  onLive(listener: (frame: unknown) => void): () => void
  onEngine(listener: (status: unknown) => void): () => void
}
