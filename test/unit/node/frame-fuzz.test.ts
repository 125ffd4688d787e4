import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRAGMENT_BYTES_MAX, FRAME_HEADER_BYTES, FrameReader, FrameType, FrameWriter } from '../../../src-main/node/peers/frame'
import { decodeMessage } from '../../../src-main/node/peers/message'
import { decodeSnapshotFrame, encodeSnapshotFrame, idOf, type SnapshotFrame } from '../../../src-main/node/snapshots/wire'
import type { Manifest } from '../../../src-main/node/snapshots/manifest'

type Mutation = { kind: 'flip' | 'drop' | 'repeat' | 'insert' | 'swap'; at: number; length: number; noise: Uint8Array }

const mutation = fc.record<Mutation>({
  kind: fc.constantFrom('flip', 'drop', 'repeat', 'insert', 'swap'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 120 }),
  noise: fc.uint8Array({ minLength: 1, maxLength: 60 }),
})

/** payloads that name themselves, so that what arrives can be told from what was sent */
const texts = fc.integer({ min: 1, max: 12 }).map((count) => Array.from({ length: count }, (_, i) => `payload ${i} `.repeat(1 + (i % 4))))

describe('a stream of frames, mangled in any way', () => {
  it('delivers what was sent, in order, each once, up to the first frame that is bad, and never throws', () => {
    fc.assert(
      fc.property(texts, fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 500 }), (sent, mutations, cut) => {
        const bytes = mutations.reduce(mangled, Buffer.concat(frames(sent).flat()))
        const got = delivered(bytes, cut)
        expect(got).toEqual(sent.slice(0, got.length))
      }),
      { numRuns: 1_000 },
    )
  })

  it('with frames that come again delivers everything once', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (sent, again) => {
        const stream = frames(sent).map((pieces) => Buffer.concat(pieces))
        const withRepeats = stream.flatMap((frame, i) => [frame, ...again.filter((n) => n % sent.length === i).map((n) => stream[n % (i + 1)]!)])
        expect(delivered(Buffer.concat(withRepeats), 1_000)).toEqual(sent)
      }),
    )
  })
})

describe('a payload of a mebibyte', () => {
  const payload = Buffer.alloc(1024 * 1024, 'mebibyte ')
  const isWhole = (payloads: Buffer[]): boolean => payloads.length === 1 && payloads[0]!.equals(payload)
  const fragments = (): Buffer[] => {
    const pieces = new FrameWriter().seal(FrameType.message, Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), payload]))
    const whole = [pieces[0]!]
    for (let i = 1; i < pieces.length; i += 2) whole.push(Buffer.concat([pieces[i]!, pieces[i + 1]!]))
    return whole
  }

  it('travels in fragments, none above the bound, and is one again', () => {
    expect(fragments().length).toBe(16)
    for (const fragment of fragments()) expect(fragment.length).toBeLessThanOrEqual(FRAGMENT_BYTES_MAX + FRAME_HEADER_BYTES)
    expect(isWhole(received(fragments()).payloads)).toBe(true)
  })

  it('survives any fragment that comes twice, and none that is missing or has changed places', () => {
    for (let i = 0; i < 16; i++) {
      const repeated = fragments().flatMap((fragment, k) => (k === i ? [fragment, fragment] : [fragment]))
      expect(isWhole(received(repeated).payloads)).toBe(true)
      expect(received(fragments().filter((_, k) => k !== i)).payloads.length).toBe(0)
      if (i === 15) continue
      const swapped = fragments()
      ;[swapped[i], swapped[i + 1]] = [swapped[i + 1]!, swapped[i]!]
      const { bad, payloads } = received(swapped)
      expect(payloads.length).toBe(0)
      expect(bad).toMatch(/where .* was due/)
    }
  })
})

describe('payloads that hold anything', () => {
  it('are a message, a snapshot frame, or nothing; reading them never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 8 }), (bytes, first) => {
        const payload = Buffer.concat([Buffer.of(first), bytes])
        decodeMessage(payload, 0, 'n1', 'n2')
        decodeSnapshotFrame(payload, 0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('snapshot frames come back as they were sent', () => {
    const manifest: Manifest = {
      index: 9, term: 2, membership: { voters: ['n1'], outgoing: [], learners: [] },
      parts: [{ file: 'part-9-00000000.snap', kind: 'full', index: 9, bytes: 100, crc: 1 }],
    }
    const id = idOf(manifest)
    const sent: SnapshotFrame[] = [
      { type: 'offer', id, term: 3, manifest },
      { type: 'chunk', id, offset: 2 ** 40, data: Buffer.from('bytes') },
      { type: 'ack', id, received: 12, isDone: false },
      { type: 'ack', id, received: 100, isDone: true },
    ]
    for (const frame of sent) expect(decodeSnapshotFrame(encodeSnapshotFrame(frame, 7), 7)).toEqual(frame)
  })
})

function frames(sent: string[]): Buffer[][] {
  const writer = new FrameWriter()
  return sent.map((text) => writer.seal(FrameType.message, Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), Buffer.from(text)])))
}

function received(chunks: Buffer[]): { bad: string | null; payloads: Buffer[] } {
  const payloads: Buffer[] = []
  const reader = new FrameReader((_type, payload) => payloads.push(Buffer.from(payload)))
  let bad: string | null = null
  for (const chunk of chunks) bad = reader.push(chunk)
  return { bad, payloads }
}

function delivered(bytes: Buffer, cut: number): string[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += cut) chunks.push(bytes.subarray(at, at + cut))
  return received(chunks).payloads.map((payload) => payload.toString())
}

function mangled(bytes: Buffer, { kind, at: where, length, noise }: Mutation): Buffer {
  const at = where % Math.max(1, bytes.length)
  const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)]
  switch (kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes)
      if (flipped.length > 0) flipped[at] = flipped[at]! ^ noise[0]! // by zero, sometimes: unharmed is a case too
      return flipped
    }
    case 'drop':
      return Buffer.concat([before, after])
    case 'repeat':
      return Buffer.concat([before, piece, piece, after])
    case 'insert':
      return Buffer.concat([before, noise, piece, after])
    case 'swap':
      return Buffer.concat([after, before, piece])
  }
}
