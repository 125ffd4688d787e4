/**
 * Single messages lost, sent twice or overtaken. Between two ends of a TCP connection none of it can happen, so it is
 * made in the sending node, before a frame reaches its connection: the one thing here that no proxy does.
 */
import type { Harm } from '../../run/harm'
import { drawIndex, seededRandom } from '../../stats/random'
import { percentage } from '../field'
import type { Call } from '../schedule'
import { defineFault, type Fault, type FaultCalls, type Scene } from './fault'

type Part = 'loss' | 'duplicate' | 'reorder'

const MADE_WHERE = 'Made in the sending node, on its frames: Toxiproxy carries a stream of bytes and can touch no single message'

export const loss = frameFault('loss', {
  help: 'loses single messages between peers, each with this probability',
  caution: `${MADE_WHERE}. Nothing sends a lost frame again but Raft itself`,
  alsoCalled: ['lose', 'packet-loss', 'packetloss', 'message-loss', 'lossy'],
  share: 'of the messages to each peer are lost, e.g. 10%',
})

export const duplicate = frameFault('duplicate', {
  help: 'sends single messages between peers twice, each with this probability',
  caution: MADE_WHERE,
  alsoCalled: ['duplication', 'dup', 'duplicates', 'repeat-messages'],
  share: 'of the messages to each peer are sent twice, e.g. 10%',
})

export const reorder = frameFault('reorder', {
  help: 'lets single messages between peers be overtaken by those sent after them, each with this probability',
  caution: `${MADE_WHERE}. A message waits at most 50 ms to be overtaken; where a link is silent, a ping overtakes it`,
  alsoCalled: ['reordering', 'out-of-order', 'disorder', 'shuffle'],
  share: 'of the messages to each peer are overtaken, e.g. 10%',
})

function frameFault(part: Part, words: { help: string; caution: string; alsoCalled: string[]; share: string }): Fault {
  return defineFault({
    kind: part,
    family: 'network',
    help: words.help,
    caution: words.caution,
    alsoCalled: words.alsoCalled,
    parameters: { share: percentage({ help: words.share, min: 0.001, max: 0.9 }) },
    targets: 'nodes or links',
    touches: () => 'links',
    takesOut: () => 'nothing',
    calls: (scene) => frameCalls(scene, part, scene.values.share),
  })
}

/** One order for each sender, with all peers that it sends to. */
function frameCalls({ id, drawn, seed }: Pick<Scene, 'id' | 'drawn' | 'seed'>, part: Part, share: number): FaultCalls {
  const drawnSeed = drawIndex(seededRandom(seed, `frames/${id}`), 2 ** 32)
  const senders = [...new Set(drawn.links.map(({ from }) => from))]
  const order = (from: string, harm: Harm | null): Call => ({ method: 'NODE', path: from, body: { id, harm } })
  const harmOf = (from: string): Harm => {
    const to = drawn.links.filter((link) => link.from === from).map((link) => link.to)
    return { kind: 'frames', to, loss: 0, duplicate: 0, reorder: 0, [part]: share, seed: drawnSeed }
  }
  return { calls: senders.map((from) => order(from, harmOf(from))), undo: senders.toReversed().map((from) => order(from, null)) }
}
