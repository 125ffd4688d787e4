/** The paper's trials, read from the data that the handbook page is made of. */
import { readFileSync } from 'node:fs'

export type Timeouts = readonly [number, number]

/** @returns times in ms of one setting, in the file's order; `figure` tells 16a from 16b, which both have 150–300 */
export function paperTimesMs(figure: '16a_randomness' | '16b_scale', [minMs, maxMs]: Timeouts): number[] {
  const file = new URL('../../../resources/data/raft-fig16.csv', import.meta.url)
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const wanted = `${figure},${minMs}-${maxMs},`
  return rows.filter((row) => row.startsWith(wanted)).map((row) => Number(row.split(',')[3]))
}
