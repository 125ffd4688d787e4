/** Builds entry files for tests that need real processes of their own, into a folder that goes away with them. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** the same entries may be built twice, from sources that were changed on their way */
let builds = 0

/**
 * @param entries name → file, from the root of the checkout; each becomes `<dir>/<name>.js`
 * @param plugins what is to happen to the sources on their way
 */
export async function buildEntries(entries: Record<string, string>, plugins: Plugin[] = []): Promise<{ dir: string; remove(): void }> {
  const name = `${Object.keys(entries).join('-')}-${process.pid}-${++builds}`
  const dir = join(root, 'node_modules', '.cache', 'faultline-tests', name) // where the built files find what they import
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins,
    resolve: { alias: { '@shared': join(root, 'src-shared') } },
    ssr: { noExternal: ['zod'] },
    build: {
      outDir: dir,
      ssr: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([entry, file]) => [entry, join(root, file)])),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
