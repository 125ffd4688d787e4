/** Terms, log indexes and counters on the wire and on disk: 8 bytes, little endian, at most 2^53 − 1, which a number holds exactly. */

export const UINT53_BYTES = 8

export function writeUint53(buffer: Buffer, value: number, offset: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`uint53: ${value} is not an integer in [0, 2^53)`)
  buffer.writeUInt32LE(value >>> 0, offset)
  return buffer.writeUInt32LE(Math.floor(value / 2 ** 32), offset + 4)
}

/** @returns NaN when the eight bytes hold more than 2^53 − 1; readers treat that as malformed */
export function readUint53(buffer: Buffer, offset: number): number {
  const high = buffer.readUInt32LE(offset + 4)
  return high < 2 ** 21 ? high * 2 ** 32 + buffer.readUInt32LE(offset) : Number.NaN
}
