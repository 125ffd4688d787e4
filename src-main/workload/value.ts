/**
 * The values the generator writes: readable, unique in a run, and self-checking. One value is
 * `key:client:sequence:padding:checksum;`, so that a value made of several (appends) falls apart into them again, and
 * none is a part of another. The client is the client group: which connection a request gets depends on how fast the
 * run is, and values must not.
 */

const CHECKSUM_DIGITS = 8

/**
 * @param sequence number of the request in its run, which makes the value unique
 * @param sizeBytes length of the value; ASCII, so also its number of characters
 * @throws RangeError when it doesn't fit: see `shortestValueBytes`
 */
export function makeValue(key: string, client: string, sequence: number, sizeBytes: number): string {
  const head = `${key}:${client}:${sequence}:`
  const padding = sizeBytes - head.length - CHECKSUM_DIGITS - 2
  if (padding < 0) throw new RangeError(`a value for ${key} needs ${sizeBytes - padding} bytes, not ${sizeBytes}`)
  const body = `${head}${'.'.repeat(padding)}:`
  return `${body}${checksum(body)};`
}

/** @returns the least value size, bytes, that holds every value of a load with these keys, client group and number of requests */
export function shortestValueBytes(keys: number, client: string, requests: number): number {
  return `k${Math.max(0, keys - 1)}:${client}:${requests}:`.length + 1 + CHECKSUM_DIGITS + 1
}

/** @returns whether `value` is one written value, or several appended to each other, each whole and for this key */
export function checkValue(key: string, value: string): boolean {
  if (value === '') return false
  for (let from = 0; from < value.length; ) {
    const end = value.indexOf(';', from)
    if (end === -1 || !isWhole(key, value.slice(from, end))) return false
    from = end + 1
  }
  return true
}

function isWhole(key: string, part: string): boolean {
  const bodyEnd = part.length - CHECKSUM_DIGITS
  return part.startsWith(`${key}:`) && part[bodyEnd - 1] === ':' && part.slice(bodyEnd) === checksum(part.slice(0, bodyEnd))
}

/** CRC-32 as in zlib and PNG (reflected 0xEDB88320), 8 hex digits. */
function checksum(text: string): string {
  let crc = 0xffffffff
  for (let i = 0; i < text.length; i++) crc = CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff]! ^ (crc >>> 8)
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(CHECKSUM_DIGITS, '0')
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
