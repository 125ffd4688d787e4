/**
 * What the file layer makes the log's disk suffer, as it was told: each write and each fsync passes here first. The device
 * knows nothing of it: its errors are made here, with the words that the system has for them.
 */
import type { Harms } from '../harms'

export class DiskHarms {
  constructor(private readonly harms: Harms) {}

  /** @throws ENOSPC or EIO as the system would */
  async beforeWrite(): Promise<void> {
    await this.harms.wait(() => (this.harms.has('disk-hang') ? Infinity : 0))
    if (this.harms.has('disk-full')) throw systemError('ENOSPC', 'no space left on device', 'write')
    this.refuseIfBroken('write')
  }

  /** @throws EIO as the system would */
  async beforeSync(): Promise<void> {
    const startedMs = performance.now()
    await this.harms.wait(() => (this.harms.has('disk-hang') ? Infinity : this.delayMs(startedMs) - (performance.now() - startedMs)))
    this.refuseIfBroken('fdatasync')
  }

  /** Whether the process dies in the middle of this write. */
  tearsWrite(): boolean {
    return this.harms.has('torn-write')
  }

  /** How much longer an fsync takes that began at this moment. */
  private delayMs(startedMs: number): number {
    return this.harms
      .of('fsync-slow')
      .reduce((sum, { delayMs, growMsPerS, sinceMs }) => sum + delayMs + (growMsPerS * Math.max(0, startedMs - sinceMs)) / 1_000, 0)
  }

  private refuseIfBroken(syscall: string): void {
    if (this.harms.has('disk-error')) throw systemError('EIO', 'i/o error', syscall)
  }
}

function systemError(code: string, what: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${what}, ${syscall}`), { code, syscall })
}
