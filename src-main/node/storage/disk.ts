/**
 * The file layer under the log: positioned writes that are on the device when they are done, and the harms that it
 * suffers. A test option lets it forget at a kill what was not synced, as a machine that loses power would: the page cache
 * survives SIGKILL, so without it no test could tell a log that syncs from one that does not.
 *
 * A file is filled with zeroes ahead of what is written: a sync of bytes that lie inside the file needs no change of its
 * size, and so no commit of the file system's journal, which all nodes of one machine and their snapshots share.
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
  /** all of `bytes` at `position`, where the written part ends; several writes are never on the way at once */
  write(bytes: Buffer, position: number): Promise<void>
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
/** as much again as is there, so that a short log stays short, and at most this */
const FILL_BYTES_MAX = 1024 * 1024
const ZEROES = Buffer.alloc(FILL_BYTES_MAX)
/** Write and sync in one call, one hop through the thread pool. Elsewhere the flag is unknown, or leaves the drive's own cache out. */
const SYNCED = process.platform === 'linux' ? constants.O_DSYNC : 0

/** Opens the file, makes it if missing; a new file's name is durable when this returns. */
export async function openLogFile(path: string, options: DiskOptions = {}): Promise<LogFile> {
  const flags = constants.O_RDWR | constants.O_CREAT | (options.skipFsync ? 0 : SYNCED)
  const handle = await open(path, flags, 0o600)
  await syncFolder(dirname(path))
  return new PlainFile(path, handle, options)
}

class PlainFile implements LogFile {
  /** where the last write ended, and the zeroes behind it */
  private end = 0
  private filledTo = 0
  private readonly suffers: DiskHarms

  constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly options: DiskOptions,
  ) {
    this.suffers = new DiskHarms(options.harms ?? new Harms())
  }

  readAll(): Promise<Buffer> {
    return this.handle.readFile()
  }

  async write(bytes: Buffer, position: number): Promise<void> {
    const { skipFsync, losesUnsynced } = this.options
    await this.suffers.beforeWrite()
    if (this.suffers.tearsWrite()) await this.dieIn(bytes, position)
    await this.suffers.beforeSync()
    if (skipFsync && losesUnsynced) return
    this.end = position + bytes.length
    let all = bytes
    if (this.end > this.filledTo) {
      const fillBytes = Math.min(this.end, FILL_BYTES_MAX)
      all = Buffer.concat([bytes, ZEROES.subarray(0, fillBytes)])
      this.filledTo = this.end + fillBytes
    }
    await this.writeAll(all, position)
    if (!skipFsync && SYNCED === 0) await this.handle.datasync()
  }

  async truncate(length: number): Promise<void> {
    await this.handle.truncate(length)
    await this.handle.datasync()
    this.filledTo = length
  }

  async close(): Promise<void> {
    if (this.end > 0 && this.filledTo > this.end) await this.truncate(this.end)
    await this.handle.close()
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

/** A file's name lives in its folder, which has a cache of its own. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
