/**
 * The engine as a child of the desktop shell: answers the contract's channels, sends live frames, and cleans up by
 * itself when the shell goes.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { Result } from '@shared/api/contract'
import { type EngineHandlers, type EngineMessage, engineContract, engineRequest } from '@shared/api/engine'
import { catalogue } from '@shared/plan/faults/catalogue'
import { parsePlan } from '@shared/plan/parse'
import { Archive } from './archive'
import { writeRunFiles } from './conduct/files'
import { Run } from './conduct/run'
import { examine } from './doctor'
import { LabFailure, messageOf } from './failure'
import { dataFolder } from './launch/paths'
import { bundledPlans } from './plans'
import { saveReport } from './report/save'
import { scenarioEntries, scenarioPlanText } from './scenarios/entries'

z.config({ jitless: true })

/** The shell is gone: whatever answers are still outstanding, everything has to end soon. */
const LEFT_ALONE_MS = 3_500

interface Going {
  run: Run
  ended: Promise<{ done: number; of: number }>
}

async function boot(): Promise<void> {
  const archive = await Archive.open(dataFolder())
  let going: Going | null = null

  const start = async (text: string): Promise<Result<{ run: string }>> => {
    if (going) return fails('busy', 'a run is going on', 'stop it first')
    const { plan, problems } = parsePlan(text)
    if (!plan) return fails('usage', `the plan has ${problems.length} problems: ${problems[0]?.message}`, null)
    const run = new Run({ plan, planText: text, seed: plan.seed, store: archive.store, data: archive.data, onFrame: (live) => send({ live }) })
    await run.begin()
    const ended = run.execute().then((model) => {
      writeRunFiles(archive.store, model, join(archive.data.runs, run.id))
      return model.report.cleanup
    })
    going = { run, ended }
    ended.catch((error: unknown) => process.stderr.write(`run ${run.id}: ${messageOf(error)}\n`)).finally(() => (going = null))
    return { ok: true, value: { run: run.id } }
  }
  /** A run that fails has said so already, on stderr (`start`). */
  const stop = async (by: string) => {
    if (!going) return null
    going.run.stop(by)
    return going.ended
  }

  const handlers: EngineHandlers = {
    'app:doctor': async () => {
      const checks = await examine(archive.data)
      return { ok: true, value: { ok: checks.every((check) => check.ok || !check.needed), checks: checks.map(({ needed: _, ...check }) => check) } }
    },
    'plans:list': async () => ({
      ok: true,
      value: bundledPlans().map(({ id, plan, durationMs, text }) => ({ id, title: plan.title, hypothesis: plan.hypothesis, durationMs, text })),
    }),
    'faults:list': async () => ({ ok: true, value: catalogue() }),
    'scenarios:list': async () => ({ ok: true, value: scenarioEntries(archive.list()) }),
    'run:start': async ({ plan: id }) => {
      const text = bundledPlans().find((plan) => plan.id === id)?.text ?? scenarioPlanText(id)
      return text !== null ? start(text) : fails('not-found', `no plan "${id}"`, null)
    },
    'run:stop': async () => {
      const cleanup = await stop('person')
      return cleanup ? { ok: true, value: { cleanup } } : fails('not-found', 'no run is going on', null)
    },
    'run:current': async () => ({ ok: true, value: { run: going?.run.id ?? null } }),
    'runs:list': async () => ({ ok: true, value: archive.list() }),
    'run:result': async ({ run }) => ({ ok: true, value: await archive.model(run) }),
    'report:write': async ({ run, format, dir }) => ({ ok: true, value: { path: saveReport(await archive.model(run), format, dir) } }),
    'engine:shutdown': async () => {
      const cleanup = await stop('person')
      setImmediate(() => leave(0))
      return { ok: true, value: { cleanup } }
    },
  }

  process.on('message', (message) => void answer(handlers, message))
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), LEFT_ALONE_MS).unref() // the janitor does the rest
    void stop('the window closed').catch(() => null).then(() => leave(0))
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop('person').catch(() => null).then(() => leave(0)))
  }

  function leave(code: number): never {
    archive.close()
    process.exit(code)
  }
}

async function answer(handlers: EngineHandlers, message: unknown): Promise<void> {
  const envelope = engineRequest.safeParse(message)
  if (!envelope.success) return void process.stderr.write('engine: a message that is no request\n')
  const { id, channel, request } = envelope.data
  const parsed = engineContract[channel].request.safeParse(request)
  if (!parsed.success) return send({ id, result: fails('usage', `${channel}: ${parsed.error.message}`, null) })
  try {
    const handler = handlers[channel] as (request: unknown) => Promise<Result<unknown>>
    send({ id, result: await handler(parsed.data) })
  } catch (error) {
    const expected = error instanceof LabFailure
    send({ id, result: fails(expected ? error.code : 'internal', messageOf(error), expected ? error.remedy : null) })
  }
}

function fails(code: string, message: string, remedy: string | null): { ok: false; error: { code: string; message: string; remedy: string | null } } {
  return { ok: false, error: { code, message, remedy } }
}

function send(message: EngineMessage): void {
  if (!process.connected) return
  process.send!(message, undefined, undefined, (error) => {
    if (error && process.connected) process.disconnect()
  })
}

boot().catch((error: unknown) => {
  process.stderr.write(`engine: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
