/** Builds the simulator round a mutated core into one file; the sources stay as they are. */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import type { Found } from './hunt'
import type { Edit, Mutant } from './mutants'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @throws when an edit does not apply: the mutant would be none */
export async function buildMutant({ id, edits }: Pick<Mutant, 'id' | 'edits'>, outDir: string): Promise<{ hunt: (seedsMax: number) => Found }> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@shared': join(root, 'src-shared') } },
    plugins: [mutate({ id, edits })],
    build: {
      ssr: join(root, 'test/sim-mutants/hunt.ts'),
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: `${id}.mjs` } },
    },
  })
  return (await import(/* @vite-ignore */ pathToFileURL(join(outDir, `${id}.mjs`)).href)) as { hunt: (seedsMax: number) => Found }
}

/** Applies the edits while files are loaded; the build fails when one of them does not apply. */
export function mutate({ id, edits }: Pick<Mutant, 'id' | 'edits'>): Plugin {
  const open = new Set<Edit>(edits)
  return {
    name: 'mutate',
    enforce: 'pre',
    transform(code, file) {
      let changed = code
      for (const one of edits) {
        if (!file.endsWith(`/src-main/${one.file}`)) continue
        if (changed.split(one.find).length !== 2) throw new Error(`mutant ${id}: "${one.find}" is not in ${one.file} exactly once`)
        changed = changed.replace(one.find, () => one.replace)
        open.delete(one)
      }
      return changed === code ? null : { code: changed, map: null }
    },
    buildEnd(error) {
      if (error !== undefined) return
      const [missed] = open
      if (missed !== undefined) throw new Error(`mutant ${id}: nothing loads ${missed.file}`)
    },
  }
}
