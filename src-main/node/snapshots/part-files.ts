/** The files of a snapshot's parts: written piece by piece and synced, read back only whole and with the right checksum. */
import { open, readFile } from 'node:fs/promises'
import type { Capture } from '../state/machine'
import { crc32c } from '../crc32c'
import { decodePart, encodePart } from '../state/part'
import type { PartFile } from './manifest'

const READ_BYTES = 256 * 1024

/** A part can't be trusted; the message names the file. */
export class CorruptSnapshot extends Error {
  constructor(path: string, what: string) {
    const remedy = 'The node stops rather than lose what it has acknowledged; restore the file or remove the node.'
    super(`snapshot ${path}: ${what}. ${remedy}`)
  }
}

/** Writes a capture; its bytes are on the device when this returns, its name is not yet. */
export async function writePart(path: string, capture: Capture): Promise<{ bytes: number; crc: number }> {
  const handle = await open(path, 'wx', 0o600)
  try {
    let [bytes, crc] = [0, 0]
    for (const piece of encodePart(capture)) {
      crc = crc32c(piece, crc)
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await handle.write(piece, done, piece.length - done, bytes + done)
        done += bytesWritten
      }
      bytes += piece.length
    }
    await handle.sync()
    return { bytes, crc }
  } finally {
    await handle.close()
  }
}

/** @returns what is wrong with the file, or null; reads it in pieces */
export async function partFault(path: string, { bytes, crc }: PartFile): Promise<string | null> {
  const handle = await open(path, 'r').catch((error: unknown) => String(error))
  if (typeof handle === 'string') return handle
  try {
    const { size } = await handle.stat()
    if (size !== bytes) return `it has ${size} bytes, the manifest says ${bytes}`
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    let sum = 0
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, at)
      if (bytesRead === 0) return `it ends at ${at}`
      sum = crc32c(buffer, sum, 0, bytesRead)
      at += bytesRead
    }
    return sum === crc ? null : 'its checksum does not fit'
  } finally {
    await handle.close()
  }
}

/** @throws CorruptSnapshot when the file is not what the manifest says */
export async function readPart(path: string, { bytes, crc }: PartFile): Promise<Capture> {
  const content = await readFile(path).catch((error: unknown) => {
    throw new CorruptSnapshot(path, String(error))
  })
  if (content.length !== bytes) throw new CorruptSnapshot(path, `it has ${content.length} bytes, the manifest says ${bytes}`)
  if (crc32c(content) !== crc) throw new CorruptSnapshot(path, 'its checksum does not fit')
  const capture = decodePart(content)
  if (typeof capture === 'string') throw new CorruptSnapshot(path, capture)
  return capture
}
