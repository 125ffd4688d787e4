/** Who answers which channel: the shell what concerns windows and dialogs, the engine everything else. */
import type { Result } from '@shared/api/contract'
import type { EngineChannel, EngineRequestOf, EngineResponseOf } from '@shared/api/engine'
import type { EngineLink } from './engineLink'
import type { Handlers } from './ipc'

export interface ShellParts {
  engine: EngineLink
  info: { version: string; dataDir: string; platform: string }
  /** asks the person for a folder; null = they closed the dialog */
  chooseFolder: () => Promise<string | null>
}

export function channelHandlers({ engine, info, chooseFolder }: ShellParts): Handlers {
  const ask =
    <C extends EngineChannel>(channel: C) =>
    (request: EngineRequestOf<C>): Promise<Result<EngineResponseOf<C>>> =>
      engine.call(channel, request)
  return {
    'app:info': async () => ({ ok: true, value: info }),
    'engine:status': async () => ({ ok: true, value: engine.status }),
    'engine:restart': async () => ({ ok: true, value: engine.start() }),
    'app:doctor': ask('app:doctor'),
    'plans:list': ask('plans:list'),
    'faults:list': ask('faults:list'),
    'scenarios:list': ask('scenarios:list'),
    'run:start': ask('run:start'),
    'run:stop': ask('run:stop'),
    'run:current': ask('run:current'),
    'runs:list': ask('runs:list'),
    'run:result': ask('run:result'),
    'report:save': async ({ run, format }) => {
      const dir = await chooseFolder()
      return dir === null ? { ok: true, value: { path: null } } : engine.call('report:write', { run, format, dir })
    },
  }
}
