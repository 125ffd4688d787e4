import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../src-main/node/crc32c'

describe('CRC-32C', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)
  it.each([
    ['check value of the catalogue, "123456789"', Buffer.from('123456789'), 0xe3069283],
    ['RFC 3720 B.4: 32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['RFC 3720 B.4: 32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['RFC 3720 B.4: ascending', ascending, 0x46dd794e],
    ['RFC 3720 B.4: descending', ascending.toReversed(), 0x113fdb5c],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_name, bytes, sum) => expect(crc32c(bytes)).toBe(sum))

  it('agrees with the bit-by-bit definition at every length and alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, start) => {
        const from = Math.min(start, bytes.length)
        expect(crc32c(bytes, 0, from)).toBe(bitwise(bytes.subarray(from)))
      }),
    )
  })

  it('goes on where it stopped: the sum of two parts is the sum of the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), (a, b) => {
        expect(crc32c(b, crc32c(a))).toBe(crc32c(Buffer.concat([a, b])))
      }),
    )
  })
})

function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}
