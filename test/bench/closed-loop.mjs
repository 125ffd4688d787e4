/**
 * A closed loop of PUTs over plain sockets: each client sends its next write when the last one is answered, and moves
 * when the leader does. It parses no more of an answer than its status and length, so that it takes less of the machine
 * than what it measures.
 */
import { connect } from 'node:net'

const KEYS = 1_000

/**
 * @param {{ leaderPort: () => Promise<number>, clients: number, warmUpMs: number, measureMs: number, valueBytes: number }} load
 * @returns {Promise<{ latenciesMs: Float64Array, failed: number, cpuShare: number }>} what was sent and answered within
 *   the measured time, ascending; cpuShare: what this process used of one core meanwhile
 */
export async function closedLoop({ leaderPort, clients, warmUpMs, measureMs, valueBytes }) {
  const fromMs = performance.now() + warmUpMs
  const untilMs = fromMs + measureMs
  const latenciesMs = []
  let failed = 0
  const onAnswer = (status, sentMs, nowMs) => {
    if (sentMs < fromMs || nowMs > untilMs) return
    if (status === 200) latenciesMs.push(nowMs - sentMs)
    else failed++
  }
  const running = Array.from({ length: clients }, (_, i) => client(leaderPort, requests(i, valueBytes), untilMs, onAnswer))
  await new Promise((resolve) => setTimeout(resolve, warmUpMs))
  const before = process.cpuUsage()
  await Promise.all(running)
  const { user, system } = process.cpuUsage(before)
  return { latenciesMs: Float64Array.from(latenciesMs).sort(), failed, cpuShare: (user + system) / 1_000 / measureMs }
}

/** @returns {Promise<void>} resolves when the time is over and the last answer is there; rejects when a connection breaks */
async function client(leaderPort, requests, untilMs, onAnswer) {
  while (performance.now() < untilMs) await writeWhileLeading(await leaderPort(), requests, untilMs, onAnswer)
}

/** One connection, as long as its node answers with success. */
function writeWhileLeading(port, requests, untilMs, onAnswer) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let sentMs = 0
    let received = ''
    const send = () => {
      sentMs = performance.now()
      socket.write(requests.next())
    }
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('data', (chunk) => {
      received += chunk
      const status = wholeAnswer(received)
      if (status === null) return
      received = ''
      const nowMs = performance.now()
      onAnswer(status, sentMs, nowMs)
      if (status === 200 && nowMs < untilMs) return send()
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('the node closed a connection')))
  })
}

/** @returns {number | null} the status once all of the answer is there; there is never a second one behind it */
function wholeAnswer(text) {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${text.slice(0, headEnd)}`)
  return text.length >= headEnd + 4 + Number(length) ? Number(text.slice(9, 12)) : null
}

/** Built before the load, so that sending costs one write; each client goes through the keys in an order of its own. */
function requests(client, valueBytes) {
  const value = 'x'.repeat(valueBytes)
  const built = Array.from({ length: KEYS }, (_, i) => {
    const key = `k${(client * 37 + i * 7) % KEYS}`
    return `PUT /kv/${key} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${valueBytes}\r\n\r\n${value}`
  })
  let sent = 0
  return { next: () => built[sent++ % KEYS] }
}
