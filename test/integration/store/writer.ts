/** Appends to a run until it is killed, and says after each batch how far it got; waits for a word before it opens the store. */
import { openStore } from '../../../src-main/lab/store/store'
import { header } from '../../unit/store/records'

const [path = '', run = ''] = process.argv.slice(2)
const BATCH = 50

process.send?.('ready')
process.once('message', () => {
  const store = openStore(path)
  store.createRun(header(run))
  let appended = 0
  const append = (): void => {
    const texts = Array.from({ length: BATCH }, (_, i) => appended + i)
    store.appendEvents(run, texts.map((i) => ({ atNs: i, kind: 'note', level: 'info', text: `event ${i}` })))
    appended += BATCH
    process.send?.(appended, () => setImmediate(append))
  }
  append()
})
