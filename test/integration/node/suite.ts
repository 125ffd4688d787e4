/** What a file of tests on real nodes begins with: the entry is built once, and what a test opened is closed after it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { NodeProcesses, type ClusterOptions } from './processes'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Closable {
  close(): void | Promise<void>
}

/** To be called at the top of the file. */
export function nodeSuite() {
  let outDir: string
  let entry: string
  const open: Closable[] = []
  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'faultline-node-build-'))
    entry = await buildNodeEntry(outDir)
  })
  afterAll(() => rm(outDir, { recursive: true, force: true }))
  afterEach(async () => {
    for (const item of open.splice(0)) await item.close()
  })

  /** closed after the test */
  const keep = <T extends Closable>(item: T): T => {
    open.push(item)
    return item
  }
  /** a cluster for several tests: whoever asks for it closes it */
  const lasting = (nodes: number, options?: ClusterOptions): Promise<NodeProcesses> => NodeProcesses.prepare(entry, nodes, options)
  /** a cluster for this test, none of its nodes started */
  const prepared = async (nodes: number, options?: ClusterOptions): Promise<NodeProcesses> => keep(await lasting(nodes, options))
  const started = async (nodes: number, options?: ClusterOptions): Promise<NodeProcesses> => {
    const cluster = await prepared(nodes, options)
    cluster.start()
    return cluster
  }
  return { keep, lasting, prepared, started }
}

/** @returns the path of a node entry built from the sources as they are now */
async function buildNodeEntry(outDir: string): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { alias: { '@shared': join(root, 'src-shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: 'src-main/node/main.ts',
      outDir,
      target: 'node20.18',
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'node.mjs' } },
    },
  })
  return join(outDir, 'node.mjs')
}
