/** Figure 16 of the paper: its ten settings and every trial, from `resources/data`. */
import { readFileSync } from 'node:fs'

export type Timeouts = readonly [number, number]
export type Panel = '16a_randomness' | '16b_scale'

export interface Setting {
  panel: Panel
  timeoutMs: Timeouts
  trials: number
  /** split votes decide these, and with them how exactly delays scatter; a fit of the network can't stand on them */
  isTight: boolean
}

function setting(panel: Panel, timeoutMs: Timeouts, isTight = false, trials = 1000): Setting {
  return { panel, timeoutMs, trials, isTight }
}

/** 150–300 is in both panels, measured once for each. */
export const settings: readonly Setting[] = [
  setting('16a_randomness', [150, 150], true, 100),
  setting('16a_randomness', [150, 151], true),
  setting('16a_randomness', [150, 155], true),
  setting('16a_randomness', [150, 175]),
  setting('16a_randomness', [150, 200]),
  setting('16a_randomness', [150, 300]),
  setting('16b_scale', [12, 24]),
  setting('16b_scale', [25, 50]),
  setting('16b_scale', [50, 100]),
  setting('16b_scale', [100, 200]),
]

/** @returns times in ms, ascending */
export function paperTimesMs({ panel, timeoutMs: [minMs, maxMs] }: Pick<Setting, 'panel' | 'timeoutMs'>): number[] {
  const file = new URL('../../../resources/data/raft-fig16.csv', import.meta.url)
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const wanted = `${panel},${minMs}-${maxMs},`
  const timesMs = rows.filter((row) => row.startsWith(wanted)).map((row) => Number(row.split(',')[3]))
  if (timesMs.length === 0) throw new Error(`no trials of ${wanted} in ${file.pathname}`)
  return timesMs.sort((a, b) => a - b)
}
