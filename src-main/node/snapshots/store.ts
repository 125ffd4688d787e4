/**
 * The newest durable snapshot of this node in its folder. A new one counts from the moment its manifest has taken the
 * old one's place: parts first, then the manifest under another name, then the rename, each synced, then the folder.
 * Only after that may the log be cut. One change at a time; none ever replaces a newer snapshot.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SnapshotMeta } from '../../raft/types'
import type { Capture } from '../state/machine'
import { StateMachine } from '../state/machine'
import { syncFolder } from '../storage/disk'
import { decodeManifest, encodeManifest, type Manifest, type PartFile } from './manifest'
import { CorruptSnapshot, partFault, readPart, writePart } from './part-files'
import { partialDir, removeStale } from './partial'
import { idOf } from './wire'

const MANIFEST = 'manifest.json'
/** what comes in from a leader is put together here */
const INCOMING = 'incoming'

export class SnapshotStore {
  private readonly pins = new Map<Manifest, number>()
  private work: Promise<unknown> = Promise.resolve()

  private constructor(
    readonly dir: string,
    private newest: Manifest | null,
  ) {}

  /** @throws CorruptSnapshot when there is one that can't be trusted */
  static async open(nodeDir: string): Promise<{ store: SnapshotStore; machine: StateMachine | null }> {
    const dir = join(nodeDir, 'snapshots')
    await mkdir(dir, { recursive: true })
    await syncFolder(nodeDir)
    const path = join(dir, MANIFEST)
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    const manifest = bytes === null ? null : decodeManifest(bytes)
    if (typeof manifest === 'string') throw new CorruptSnapshot(path, manifest)
    await removeStale(join(dir, INCOMING), manifest?.index ?? 0)
    const store = new SnapshotStore(dir, manifest)
    const machine = manifest === null ? null : await stateOf(dir, manifest)
    await store.removeUnused()
    return { store, machine }
  }

  get manifest(): Manifest | null {
    return this.newest
  }

  get incomingDir(): string {
    return join(this.dir, INCOMING)
  }

  /** @returns why changes can't be added to the newest snapshot's chain, or null: a broken base is found while the log still has it all */
  async chainFault(): Promise<string | null> {
    if (this.newest === null) return 'there is no snapshot yet'
    for (const part of this.newest.parts) {
      const fault = await partFault(join(this.dir, part.file), part)
      if (fault !== null) return `${part.file}: ${fault}`
    }
    return null
  }

  /** Makes a capture durable, as a snapshot of its own or behind the chain there is. */
  save(capture: Capture, meta: SnapshotMeta): Promise<void> {
    return this.inTurn(async () => {
      if (meta.index <= (this.newest?.index ?? 0)) return // one from the leader was faster
      const file = `part-${meta.index}-${randomBytes(4).toString('hex')}.snap`
      const written = await writePart(join(this.dir, file), capture)
      const part: PartFile = { file, kind: capture.kind, index: capture.index, ...written }
      const before = capture.kind === 'full' ? [] : (this.newest?.parts ?? [])
      await this.publish({ ...meta, parts: [...before, part] })
    })
  }

  /**
   * Takes over what was received into its folder in `incomingDir`, after looking at every byte of it.
   *
   * @returns the state it holds
   * @throws CorruptSnapshot when it is not what its manifest says
   */
  install(manifest: Manifest): Promise<StateMachine> {
    return this.inTurn(async () => {
      const incoming = partialDir(this.incomingDir, idOf(manifest))
      const machine = await stateOf(incoming, manifest)
      if (manifest.index <= (this.newest?.index ?? 0)) return machine
      for (const { file } of manifest.parts) await rename(join(incoming, file), join(this.dir, file))
      await this.publish(manifest)
      return machine
    })
  }

  /** Keeps the newest snapshot's files until it is let go, whatever replaces it. */
  pin(): Manifest | null {
    if (this.newest !== null) this.pins.set(this.newest, (this.pins.get(this.newest) ?? 0) + 1)
    return this.newest
  }

  unpin(manifest: Manifest): void {
    const left = (this.pins.get(manifest) ?? 0) - 1
    if (left > 0) this.pins.set(manifest, left)
    else this.pins.delete(manifest)
  }

  private async publish(manifest: Manifest): Promise<void> {
    const path = join(this.dir, MANIFEST)
    const handle = await open(`${path}.new`, 'w', 0o600)
    try {
      await handle.writeFile(encodeManifest(manifest))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await syncFolder(this.dir) // the parts' names, before anything names them
    await rename(`${path}.new`, path)
    await syncFolder(this.dir)
    this.newest = manifest
    await this.removeUnused()
  }

  private async removeUnused(): Promise<void> {
    const used = new Set([this.newest, ...this.pins.keys()].flatMap((manifest) => manifest?.parts.map(({ file }) => file) ?? []))
    for (const name of await readdir(this.dir)) {
      if (name.endsWith('.snap') && !used.has(name)) await rm(join(this.dir, name), { force: true })
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.work.then(work)
    this.work = result.catch(() => undefined) // whoever asked is told; the next one has its turn all the same
    return result
  }
}

async function stateOf(dir: string, manifest: Manifest): Promise<StateMachine> {
  const chain: Capture[] = []
  for (const part of manifest.parts) chain.push(await readPart(join(dir, part.file), part))
  try {
    const machine = StateMachine.from(chain)
    if (machine.applied === manifest.index && machine.appliedTerm === manifest.term) return machine
    throw new Error(`its parts end at entry ${machine.applied}, the manifest says ${manifest.index}`)
  } catch (error) {
    throw new CorruptSnapshot(join(dir, manifest.parts.at(-1)!.file), (error as Error).message)
  }
}
