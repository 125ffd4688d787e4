// Unpacks a zip archive: stored and deflated entries with their Unix modes and links. No zip64, no encryption.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50
const endOfDirectorySize = 22
const longestComment = 0xffff
const linkMode = 0o120000

/**
 * @param {string} archive
 * @param {string} folder made if missing
 * @param {(name: string) => string | null} place where an entry goes, relative to the folder; null = left out
 * @returns {number} how many files were written
 */
export function unzip(archive, folder, place) {
  const file = fs.openSync(archive, 'r')
  try {
    const entries = directoryOf(file)
    let written = 0
    for (const entry of entries) {
      const target = entry.name.endsWith('/') ? null : place(entry.name)
      if (target === null) continue
      const to = path.join(folder, target)
      if (!to.startsWith(folder + path.sep)) throw new Error(`${archive}: the entry ${entry.name} leaves the folder`)
      const content = contentOf(file, entry)
      fs.mkdirSync(path.dirname(to), { recursive: true })
      if ((entry.mode & 0o170000) === linkMode) fs.symlinkSync(content.toString('utf8'), to)
      else fs.writeFileSync(to, content, { mode: entry.mode & 0o777 || 0o644 })
      written++
    }
    return written
  } finally {
    fs.closeSync(file)
  }
}

/** @typedef {{ name: string, method: number, packedSize: number, size: number, mode: number, at: number }} Entry */

/** The central directory, found from the end of the file. @param {number} file @returns {Entry[]} */
function directoryOf(file) {
  const size = fs.fstatSync(file).size
  const tailSize = Math.min(size, endOfDirectorySize + longestComment)
  const tail = readAt(file, size - tailSize, tailSize)
  const signature = Buffer.alloc(4)
  signature.writeUInt32LE(endOfDirectory)
  const end = tail.lastIndexOf(signature)
  if (end < 0) throw new Error('not a zip archive: it has no directory')
  const count = tail.readUInt16LE(end + 10)
  const directory = readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries = []
  for (let i = 0, at = 0; i < count; i++) {
    if (directory.readUInt32LE(at) !== directoryEntry) throw new Error(`entry ${i} of the zip directory is malformed`)
    const nameSize = directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameSize),
      method: directory.readUInt16LE(at + 10),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt16LE(at + 40), // upper half of the external attributes: the Unix mode
      at: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameSize + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

/** @param {number} file @param {Entry} entry */
function contentOf(file, entry) {
  const header = readAt(file, entry.at, 30) // its name and extra field may differ in length from the directory's
  const packed = readAt(file, entry.at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), entry.packedSize)
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name}: compression method ${entry.method} is unknown`)
  const content = entry.method === 0 ? packed : zlib.inflateRawSync(packed)
  if (content.length !== entry.size) throw new Error(`${entry.name}: ${content.length} bytes instead of ${entry.size}`)
  return content
}

/** @param {number} file @param {number} at @param {number} size */
function readAt(file, at, size) {
  const bytes = Buffer.alloc(size)
  const read = fs.readSync(file, bytes, 0, size, at)
  if (read !== size) throw new Error(`the zip archive ends early: ${read} of ${size} bytes at ${at}`)
  return bytes
}
