/** What the engine and the janitor process say to each other: start-up configuration and the IPC channel's messages. */
import { z } from 'zod'

/** Environment variable that carries `JanitorConfig` as JSON. */
export const JANITOR_CONFIG_ENV = 'FAULTLINE_JANITOR'

export const janitorConfig = z.object({ labDir: z.string().min(1) })
export type JanitorConfig = z.infer<typeof janitorConfig>

/** @returns null when it is missing or not what it should be */
export function readJanitorConfig(env: NodeJS.ProcessEnv): JanitorConfig | null {
  try {
    return janitorConfig.safeParse(JSON.parse(env[JANITOR_CONFIG_ENV] ?? 'null')).data ?? null
  } catch {
    return null // not JSON: the caller says what is needed
  }
}

/** engine → janitor: everything is undone, there is nothing to watch any more */
export const janitorCommand = z.object({ type: z.literal('done') })
export type JanitorCommand = z.infer<typeof janitorCommand>

/** janitor → engine: from here on the engine's death is noticed */
export type JanitorReport = { type: 'ready'; pid: number }
