/**
 * The janitor process: waits for the engine to vanish, then undoes what it left, within seconds. It is started with
 * an IPC channel by the engine, whose death closes that channel at once, however it dies. Nothing a terminal or a
 * group signal sends ends it: it goes when told that all is done, or when its own work is.
 */
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { JANITOR_CONFIG_ENV, janitorCommand, readJanitorConfig, type JanitorReport } from './child'
import { sweep } from './sweep'

z.config({ jitless: true })

/** The channel of a dying engine can close a moment before its lock is free. */
const LOCK_WAIT_MS = 3000
const LOCK_POLL_MS = 20

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})

const config = readJanitorConfig(process.env)
if (!config || !process.send) {
  console.error(`janitor: started by the engine only: needs an IPC channel and ${JANITOR_CONFIG_ENV} = {"labDir": …}`)
  process.exit(2)
}
const { labDir } = config

process.on('message', (message) => {
  const command = janitorCommand.safeParse(message)
  if (command.success) process.exit(0)
  log(`a message that is none: ${JSON.stringify(message)}`)
})
process.once('disconnect', () => {
  cleanUp().then(
    (isClean) => process.exit(isClean ? 0 : 1),
    (error: unknown) => {
      log(`could not clean up: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      process.exit(1)
    },
  )
})
report({ type: 'ready', pid: process.pid })

/** @returns false when something could not be undone; the next start of the app tries again */
async function cleanUp(): Promise<boolean> {
  const deadline = performance.now() + LOCK_WAIT_MS
  for (;;) {
    const swept = await sweep(labDir)
    for (const { kind, what, why } of swept.failed) log(`${kind} ${what}: ${why}`)
    if (!swept.held) return swept.failed.length === 0
    // Held on: the engine is alive after all and will start another janitor, or somebody else is sweeping
    if (performance.now() >= deadline) return true
    await delay(LOCK_POLL_MS)
  }
}

/** An engine that has just died can't be told: what matters then comes with `disconnect`. */
function report(message: JanitorReport): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

function log(text: string): void {
  if (existsSync(labDir)) appendFileSync(join(labDir, 'janitor.log'), `${new Date().toISOString()} ${text}\n`)
}
