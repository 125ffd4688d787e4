import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../../../src-main/node/peers/message'
import type { Entry, Message } from '../../../src-main/raft/types'

const whole = fc.maxSafeNat()
const envelope = { from: fc.constant('n1'), to: fc.constant('n2'), term: whole }
const entries = fc.array(fc.record({ term: whole, type: fc.constantFrom('noop', 'command', 'config'), data: fc.uint8Array({ maxLength: 50 }) }), { maxLength: 6 })

const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ ...envelope, type: fc.constant('vote' as const), pre: fc.boolean(), transfer: fc.boolean(), lastIndex: whole, lastTerm: whole }),
  fc.record({ ...envelope, type: fc.constant('timeoutNow' as const) }),
  fc.record({ ...envelope, type: fc.constant('voteReply' as const), pre: fc.boolean(), granted: fc.boolean() }),
  fc
    .record({ ...envelope, type: fc.constant('append' as const), prevIndex: fc.nat(), prevTerm: whole, entries, commit: whole, round: whole })
    .map((message) => ({
      ...message,
      entries: message.entries.map(
        ({ term, type, data }, i): Entry => ({ index: message.prevIndex + 1 + i, term, type, data }),
      ),
    })),
  fc.record({
    ...envelope,
    type: fc.constant('appendReply' as const),
    round: whole,
    accepted: fc.boolean(),
    match: whole,
    conflictIndex: whole,
    conflictTerm: whole,
  }),
)

describe('peer messages', () => {
  it('come back as they went, behind any room left for headers', () => {
    fc.assert(
      fc.property(messages, fc.nat(40), (message, roomBytes) => {
        expect(plain(decodeMessage(encodeMessage(message, roomBytes), roomBytes, 'n1', 'n2'))).toEqual(plain(message))
      }),
    )
  })

  it('cut short or followed by more are refused', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (message, cut) => {
        const bytes = encodeMessage(message, 0)
        expect(decodeMessage(bytes.subarray(0, cut % bytes.length), 0, 'n1', 'n2')).toBeNull()
        expect(decodeMessage(Buffer.concat([bytes, Buffer.alloc(1)]), 0, 'n1', 'n2')).toBeNull()
      }),
    )
  })

  it('garbage never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void decodeMessage(Buffer.from(bytes), 0, 'n1', 'n2')))
  })

  it('numbers beyond 2^53 are refused, not rounded', () => {
    const bytes = encodeMessage({ type: 'voteReply', from: 'n1', to: 'n2', term: 1, pre: false, granted: true }, 0)
    bytes.fill(0xff, 2, 10)
    expect(decodeMessage(bytes, 0, 'n1', 'n2')).toBeNull()
  })
})

/** Buffers and byte arrays compare by content */
function plain(message: Message | null): unknown {
  if (message?.type !== 'append') return message
  return { ...message, entries: message.entries.map((entry) => ({ ...entry, data: [...entry.data] })) }
}
