/**
 * The file layer under the log: positioned writes and an explicit sync, and the harms that it suffers. A test option
 * swaps in a layer that forgets at a kill what was not synced, as a machine that loses power would: the page cache
 * survives SIGKILL, so without it no test could tell a log that syncs from one that does not.
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Harms } from '../harms'
import { DiskHarms } from './disk-harms'

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
  /** what it is made to suffer */
  harms?: Harms
}

/** Less than the shortest record: what is cut from a write is of its last record only. */
const TORN_BYTES = 12

/** Opens the file, makes it if missing; a new file's name is durable when this returns. */
export async function openLogFile(path: string, options: DiskOptions = {}): Promise<LogFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  await syncFolder(dirname(path))
  return options.losesUnsynced ? new ForgetfulFile(path, handle, options) : new PlainFile(path, handle, options)
}

class PlainFile implements LogFile {
  protected readonly suffers: DiskHarms

  constructor(
    readonly path: string,
    protected readonly handle: FileHandle,
    protected readonly options: DiskOptions,
  ) {
    this.suffers = new DiskHarms(options.harms ?? new Harms())
  }

  readAll(): Promise<Buffer> {
    return this.handle.readFile()
  }

  async write(bytes: Buffer, position: number): Promise<void> {
    await this.suffers.beforeWrite()
    if (this.suffers.tearsWrite()) await this.dieIn(bytes, position)
    await this.writeAll(bytes, position)
  }

  async sync(): Promise<void> {
    await this.suffers.beforeSync()
    if (!this.options.skipFsync) await this.handle.datasync()
  }

  async truncate(length: number): Promise<void> {
    await this.handle.truncate(length)
    await this.handle.datasync()
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  private async writeAll(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, position + done)
      done += bytesWritten
    }
  }

  /** All but the end gets to the device, then this very process is killed: nothing of the write was promised to anybody. */
  private async dieIn(bytes: Buffer, position: number): Promise<void> {
    await this.writeAll(bytes.subarray(0, Math.max(1, bytes.length - TORN_BYTES)), position)
    await this.handle.datasync()
    if (this.suffers.tearsWrite()) process.kill(process.pid, 'SIGKILL') // else it was called off meanwhile
  }
}

/** Keeps what was written until sync hands it to the real file; a killed process takes it along. */
class ForgetfulFile extends PlainFile {
  private unsynced: { bytes: Buffer; position: number }[] = []

  override async write(bytes: Buffer, position: number): Promise<void> {
    this.unsynced.push({ bytes, position })
  }

  override async sync(): Promise<void> {
    await this.suffers.beforeSync()
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
