import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRAGMENT_BYTES_MAX, FRAME_HEADER_BYTES, FrameReader, FrameType, FrameWriter } from '../../../src-main/node/peers/frame'

const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 })

describe('frames', () => {
  it('arrive as they were sent, however the stream is cut', () => {
    fc.assert(
      fc.property(payloads, fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 20 }), (sent, cuts) => {
        expect(read(cut(write(sent), cuts))).toEqual({ fault: null, payloads: sent.map((bytes) => Buffer.from(bytes)) })
      }),
    )
  })

  it('arrive when fed byte by byte', () => {
    const sent = [Buffer.from('a'), Buffer.alloc(0), Buffer.from('third')]
    expect(read(cut(write(sent), [1]))).toEqual({ fault: null, payloads: sent })
  })

  it('carry payloads over 64 KiB in fragments', () => {
    const large = Buffer.alloc(3 * FRAGMENT_BYTES_MAX + 5, 'fault')
    const bytes = write([large, Buffer.from('after')])
    expect(bytes.length).toBe(large.length + 5 + 5 * FRAME_HEADER_BYTES)
    expect(read(cut(bytes, [50_000]))).toEqual({ fault: null, payloads: [large, Buffer.from('after')] })
  })

  it('with one flipped bit are never delivered, and the reader says so or still waits', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.nat(7), (sent, where, bit) => {
        const bytes = write(sent)
        const at = where % bytes.length
        bytes[at] = bytes[at]! ^ (1 << bit)
        const got = read([bytes])
        const intact = frameOf(sent, at)
        expect(got.payloads).toEqual(sent.slice(0, intact).map((payload) => Buffer.from(payload)))
        if (got.fault === null) expect(got.payloads.length).toBeLessThan(sent.length) // the length grew: the rest is still awaited
      }),
    )
  })

  it('that are cut short are awaited, not guessed', () => {
    const bytes = write([Buffer.from('whole'), Buffer.from('torn')])
    expect(read([bytes.subarray(0, bytes.length - 1)])).toEqual({ fault: null, payloads: [Buffer.from('whole')] })
  })

  it('garbage is refused at once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: FRAME_HEADER_BYTES, maxLength: 200 }), (garbage) => {
        expect(read([Buffer.from(garbage)]).fault).not.toBeNull()
      }),
    )
  })

  it('a frame missing from the middle is noticed by its successor', () => {
    const writer = new FrameWriter()
    const [first, , third] = ['a', 'b', 'c'].map((text) => Buffer.concat(writer.seal(FrameType.message, room(Buffer.from(text)))))
    expect(read([first!, third!])).toEqual({ fault: 'frame 2 where 1 was due', payloads: [Buffer.from('a')] })
  })

  it('after a bad frame nothing is read, even if it is good', () => {
    const reader = new FrameReader(() => expect.unreachable())
    expect(reader.push(Buffer.alloc(64, 'x'))).not.toBeNull()
    expect(reader.push(write([Buffer.from('good')]))).not.toBeNull()
  })
})

function room(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), payload])
}

function write(sent: Uint8Array[]): Buffer {
  const writer = new FrameWriter()
  return Buffer.concat(sent.flatMap((payload) => writer.seal(FrameType.message, room(payload))))
}

function read(chunks: Buffer[]): { fault: string | null; payloads: Buffer[] } {
  const got: Buffer[] = []
  const reader = new FrameReader((_type, payload) => got.push(Buffer.from(payload)))
  let fault: string | null = null
  for (const chunk of chunks) fault = reader.push(chunk)
  return { fault, payloads: got }
}

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + sizes[i % sizes.length]!
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  return chunks
}

/** which frame the byte at `at` is in */
function frameOf(sent: Uint8Array[], at: number): number {
  let end = 0
  return sent.findIndex((payload) => (end += FRAME_HEADER_BYTES + payload.length) > at)
}
