/**
 * The file layer under the log: positioned writes and an explicit sync. A test option swaps in a layer that
 * forgets at a kill what was not synced, as a machine that loses power would: the page cache survives SIGKILL,
 * so without it no test could tell a log that syncs from one that does not.
 */
import { constants, existsSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface LogFile {
  readonly path: string
  /** the whole file, as an earlier life left it */
  readAll(): Promise<Buffer>
  /** all of `bytes` at `position`; several writes are never on the way at once */
  write(bytes: Buffer, position: number): Promise<void>
  /** what was written is on the device when this returns */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

export interface DiskOptions {
  /** unsynced bytes live in this process only */
  losesUnsynced?: boolean
  /** sync does nothing: deliberately wrong */
  skipFsync?: boolean
  /** every sync takes at least this long: a slow disk */
  syncDelayMs?: number
  /** a sync doesn't come back while this file exists: a disk that hangs */
  hangsWhile?: string
}

const HANG_LOOK_MS = 5

/** Opens the file, makes it if missing; a new file's name is durable when this returns. */
export async function openLogFile(path: string, options: DiskOptions = {}): Promise<LogFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  await syncFolder(dirname(path))
  return options.losesUnsynced ? new ForgetfulFile(path, handle, options) : new PlainFile(path, handle, options)
}

class PlainFile implements LogFile {
  constructor(
    readonly path: string,
    protected readonly handle: FileHandle,
    protected readonly options: DiskOptions,
  ) {}

  readAll(): Promise<Buffer> {
    return this.handle.readFile()
  }

  async write(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, position + done)
      done += bytesWritten
    }
  }

  async sync(): Promise<void> {
    await this.wait()
    if (!this.options.skipFsync) await this.handle.datasync()
  }

  async truncate(length: number): Promise<void> {
    await this.handle.truncate(length)
    await this.handle.datasync()
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  protected async wait(): Promise<void> {
    const { syncDelayMs, hangsWhile } = this.options
    if (syncDelayMs) await delay(syncDelayMs)
    const hangs = (): boolean => hangsWhile !== undefined && existsSync(hangsWhile)
    while (hangs()) await delay(HANG_LOOK_MS)
  }
}

/** Keeps what was written until sync hands it to the real file; a killed process takes it along. */
class ForgetfulFile extends PlainFile {
  private unsynced: { bytes: Buffer; position: number }[] = []

  override async write(bytes: Buffer, position: number): Promise<void> {
    this.unsynced.push({ bytes, position })
  }

  override async sync(): Promise<void> {
    await this.wait()
    if (this.options.skipFsync) return
    for (const { bytes, position } of this.unsynced.splice(0)) await super.write(bytes, position)
    await this.handle.datasync()
  }
}

/** A file's name lives in its folder, which has a cache of its own. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
