/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of peer frames and log records.
 * Node's zlib.crc32 is the other polynomial; this one is table-driven, eight bytes a step ("slicing by 8").
 */

const REVERSED_POLYNOMIAL = 0x82f63b78
const tables = buildTables()

/**
 * @param bytes what is summed, from `start` up to `end`
 * @param previous checksum of what came before: crc32c(b, crc32c(a)) is the sum of a followed by b
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, previous = 0, start = 0, end = bytes.length): number {
  const t = tables
  let crc = ~previous
  let i = start
  for (const lastBlock = end - 8; i <= lastBlock; i += 8) {
    const low = crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
    crc =
      t[1792 + (low & 0xff)]! ^
      t[1536 + ((low >>> 8) & 0xff)]! ^
      t[1280 + ((low >>> 16) & 0xff)]! ^
      t[1024 + (low >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]!) & 0xff]!
  return ~crc >>> 0
}

/** Table k (at 256·k) advances a byte by k further zero bytes. */
function buildTables(): Int32Array {
  const built = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ REVERSED_POLYNOMIAL : crc >>> 1
    built[byte] = crc
  }
  for (let k = 1; k < 8; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = built[(k - 1) * 256 + byte]!
      built[k * 256 + byte] = (before >>> 8) ^ built[before & 0xff]!
    }
  }
  return built
}
