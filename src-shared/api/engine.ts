/**
 * What the shell and the engine say to each other over the child_process channel. The engine answers every request
 * exactly once and sends frames while a run is on; when the channel closes it cleans up and exits by itself.
 */
import { z } from 'zod'
import { contract, failure } from './contract'
import type { LiveFrame } from './live'
import type { Result } from './contract'

export const engineContract = {
  'app:doctor': contract['app:doctor'],
  'plans:list': contract['plans:list'],
  'faults:list': contract['faults:list'],
  'scenarios:list': contract['scenarios:list'],
  'run:start': contract['run:start'],
  'run:stop': contract['run:stop'],
  'run:current': contract['run:current'],
  'runs:list': contract['runs:list'],
  'run:result': contract['run:result'],
  /** writes one report file into `dir`, a folder the person chose; answers with the file's path */
  'report:write': {
    request: contract['report:save'].request.extend({ dir: z.string().min(1) }),
    response: z.object({ path: z.string() }),
  },
  /** ends a run in progress, cleans up, answers (null: nothing was running), then exits by itself */
  'engine:shutdown': {
    request: z.object({}),
    response: z.object({ cleanup: z.object({ done: z.number(), of: z.number() }).nullable() }),
  },
} as const

export type EngineChannel = keyof typeof engineContract
export type EngineRequestOf<C extends EngineChannel> = z.infer<(typeof engineContract)[C]['request']>
export type EngineResponseOf<C extends EngineChannel> = z.infer<(typeof engineContract)[C]['response']>

/** One function a channel; what an engine has to implement. A thrown error is a bug and becomes a failure 'internal'. */
export type EngineHandlers = {
  [C in EngineChannel]: (request: EngineRequestOf<C>) => Promise<Result<EngineResponseOf<C>>>
}

/** shell → engine */
export interface EngineRequest {
  id: number
  channel: EngineChannel
  request: unknown
}

export const engineRequest = z.object({
  id: z.number().int(),
  channel: z.enum(Object.keys(engineContract) as [EngineChannel, ...EngineChannel[]]),
  request: z.unknown(),
})

/** engine → shell */
export type EngineMessage = { id: number; result: Result<unknown> } | { live: LiveFrame }

/** The envelope only: what is inside is parsed where it is used (responses by the shell, frames by the renderer). */
export const engineMessage = z.union([
  z.object({
    id: z.number().int(),
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), error: failure }),
    ]),
  }),
  z.object({ live: z.unknown().refine((frame) => frame !== undefined) }),
])
