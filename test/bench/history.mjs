/**
 * Writes a history that a real register could have answered, as `history.jsonl`, to measure `faultline check` with:
 *
 *   node test/bench/history.mjs [--operations 100000] [--keys 100] [--value 128] [--unknown 0.005] [--seed 1] [--no-index] > FILE
 *
 * Every operation takes effect at one moment between its call and its return; half of the unknown ones never do. Half
 * are reads; of the writes seven in ten are puts, and a delete, a cas and an append take one each.
 */
import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { values: given } = parseArgs({
  options: {
    operations: { type: 'string', default: '100000' },
    keys: { type: 'string', default: '100' },
    value: { type: 'string', default: '128' },
    unknown: { type: 'string', default: '0.005' },
    seed: { type: 'string', default: '1' },
    'no-index': { type: 'boolean', default: false },
  },
})
const count = Number(given.operations)
const keys = Number(given.keys)
const valueBytes = Number(given.value)
const unknownShare = Number(given.unknown)

const GAP_NS = 500_000
const TAKES_NS_MAX = 8_000_000
const WRITES = ['put', 'put', 'put', 'put', 'put', 'put', 'put', 'delete', 'cas', 'append']

/** mulberry32: a small generator of numbers in [0, 1) */
function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = seeded(Number(given.seed))
const pick = (list) => list[Math.floor(random() * list.length)]

const asked = Array.from({ length: count }, (_, i) => {
  const startNs = i * GAP_NS + Math.floor(random() * GAP_NS)
  const endNs = startNs + 1_000 + Math.floor(random() * TAKES_NS_MAX)
  const isUnknown = random() < unknownShare
  const effectNs = isUnknown ? (random() < 0.5 ? Infinity : startNs + random() * 2e9) : startNs + random() * (endNs - startNs)
  return { i, startNs, endNs, isUnknown, effectNs, op: random() < 0.5 ? 'get' : pick(WRITES), key: `key-${Math.floor(random() * keys)}` }
})

const store = new Map()
let index = 0
for (const one of [...asked].sort((a, b) => a.effectNs - b.effectNs)) {
  const { i, op, key, isUnknown, effectNs } = one
  const before = store.get(key) ?? null
  const value = `${key} ${i} `.padEnd(valueBytes, 'x')
  const line = { client: `c${i % 16}`, key, op }
  if (op !== 'get' && op !== 'delete') line.value = op === 'append' ? `+${i};` : value
  if (op === 'cas') line.expect = random() < 0.7 ? before : 'something else'
  const swaps = op === 'cas' && before === line.expect
  line.outcome = isUnknown ? 'unknown' : 'ok'
  if (effectNs !== Infinity) {
    if (op !== 'get') index++
    if (op === 'put' || swaps) store.set(key, value)
    if (op === 'append') store.set(key, (before ?? '') + line.value)
    if (op === 'delete') store.delete(key)
  }
  if (!isUnknown) {
    if (op === 'get') line.result = before
    if (op === 'cas') line.swapped = swaps
    if (!given['no-index']) line.index = index
    if (op !== 'get') line.prior = before
  }
  one.line = { ...line, intended_ns: one.startNs, start_ns: one.startNs, end_ns: isUnknown ? null : one.endNs }
}
writeSync(1, asked.map(({ line }) => `${JSON.stringify(line)}\n`).join(''))
