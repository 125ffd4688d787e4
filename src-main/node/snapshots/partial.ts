/**
 * The files of a snapshot on its way here, in a folder named after the stream: what has come outlives this process, and
 * how long the files are says where to go on. Whether the bytes are right shows at the end, by the manifest's checksums.
 */
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../storage/disk'
import { totalBytes, type Manifest } from './manifest'
import type { StreamId } from './wire'

const NAME = /^(\d{1,16})-[0-9a-f]{8}$/

/** @returns the folder of this stream in `root` */
export function partialDir(root: string, { index, sum }: StreamId): string {
  return join(root, `${index}-${sum.toString(16).padStart(8, '0')}`)
}

/** Removes what nobody will go on with: a newer snapshot, at `index`, is here already. */
export async function removeStale(root: string, index: number): Promise<void> {
  await removeAll(root, (name) => !(Number(NAME.exec(name)?.[1]) > index))
}

export class PartialSnapshot {
  readonly total: number
  private file: { part: number; handle: FileHandle } | null = null

  private constructor(
    readonly id: StreamId,
    readonly manifest: Manifest,
    private readonly dir: string,
    /** bytes that are here */
    public received: number,
  ) {
    this.total = totalBytes(manifest)
  }

  /** Goes on with what is here of this stream; what came of others goes. */
  static async open(root: string, id: StreamId, manifest: Manifest): Promise<PartialSnapshot> {
    const dir = partialDir(root, id)
    await mkdir(dir, { recursive: true })
    await removeAll(root, (name) => join(root, name) !== dir)
    return new PartialSnapshot(id, manifest, dir, await receivedIn(dir, manifest))
  }

  /** A chunk lies within one part and follows what is here, or it is left out; a part is synced when it is whole. */
  async write(offset: number, data: Buffer): Promise<void> {
    if (offset !== this.received || offset + data.length > this.total) return
    const { parts } = this.manifest
    let [part, start] = [0, 0]
    while (offset >= start + parts[part]!.bytes) start += parts[part++]!.bytes
    const at = offset - start
    const { bytes, file } = parts[part]!
    if (at + data.length > bytes) return
    if (this.file?.part !== part) this.file = { part, handle: await open(join(this.dir, file), at === 0 ? 'w' : 'r+', 0o600) }
    const { handle } = this.file
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await handle.write(data, done, data.length - done, at + done)
      done += bytesWritten
    }
    this.received += data.length
    if (at + data.length < bytes) return
    await handle.sync()
    await this.close()
  }

  /** The names of its files are durable, too. */
  sync(): Promise<void> {
    return syncFolder(this.dir)
  }

  async close(): Promise<void> {
    await this.file?.handle.close()
    this.file = null
  }

  async remove(): Promise<void> {
    await this.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}

/** An earlier life may have died before it synced: what counts as received is on the device. */
async function receivedIn(dir: string, { parts }: Manifest): Promise<number> {
  const found = new Set(await readdir(dir))
  let received = 0
  for (const { file, bytes } of parts) {
    if (!found.has(file)) break
    const handle = await open(join(dir, file), 'r+')
    try {
      const { size } = await handle.stat()
      await handle.sync()
      received += Math.min(size, bytes)
      if (size < bytes) break
    } finally {
      await handle.close()
    }
  }
  return received
}

async function removeAll(root: string, isUnwanted: (name: string) => boolean): Promise<void> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) if (isUnwanted(name)) await rm(join(root, name), { recursive: true, force: true })
}
