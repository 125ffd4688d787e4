/** Finds our own built files, wherever the code that asks was bundled to. */
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Entry = 'node' | 'workload' | 'janitor' | 'burner' | 'judge'

const here = dirname(fileURLToPath(import.meta.url))
const built = basename(here) === 'chunks' ? dirname(here) : here // shared code lands in out/main/chunks

export function entryPath(entry: Entry): string {
  return join(built, `${entry}.js`)
}

/** `resources/` beside `out/`: sample plans, the sidecar manifest. */
export function resourcePath(...parts: string[]): string {
  return join(dirname(dirname(built)), 'resources', ...parts)
}
