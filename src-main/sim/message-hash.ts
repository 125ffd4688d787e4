/** A message's place in the history's hash: everything it says, but not the bytes of its entries, which their terms name. */
import type { Message } from '../raft/types'
import type { HistoryHash } from './history-hash'

export function hashMessage(hash: HistoryHash, message: Message, from: number, to: number): void {
  hash.word(message.term * 64 + from * 8 + to)
  switch (message.type) {
    case 'vote':
      hash.word(message.lastIndex * 4 + Number(message.pre) * 2 + 1)
      return hash.word(message.lastTerm)
    case 'voteReply':
      return hash.word(Number(message.granted) * 4 + Number(message.pre) * 2)
    case 'append':
      hash.word(message.prevIndex)
      hash.word(message.prevTerm)
      hash.word(message.entries.length)
      hash.word(message.commit)
      return hash.word(message.round)
    case 'appendReply':
      hash.word(message.match * 2 + Number(message.accepted))
      hash.word(message.conflictIndex)
      return hash.word(message.round)
    case 'timeoutNow':
      return hash.word(7)
  }
}
