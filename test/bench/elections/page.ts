/**
 * Writes figures and chart of the handbook's page on elections. The page's sentences are written by hand; what is computed
 * stands between a pair of markers, and only that is replaced.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { ascending, quantile } from '@shared/stats/quantiles'
import { ELECTION_LIMIT_MS, electionResult, electionTimes, runElections } from '../../../src-main/sim/election'
import type { ElectionOptions, ElectionResult, ElectionTimes } from '../../../src-main/sim/election'
import { closedFormMs } from '../../../src-main/sim/election-closed-form'
import { chart, type Panel } from './chart'
import { best, candidates, SEED, type Fit } from './fit'
import { paperTimesMs, settings, type Setting } from './paper'

const STATED_BROADCAST_MS = 15
const HANDBOOK = new URL('../../../resources/handbook/', import.meta.url)

export function writePage(): void {
  const fits = candidates(settings.filter(({ isTight }) => !isTight))
  const { broadcastMs } = best(fits)
  const all = settings.map((setting) => besideThePaper(setting, broadcastMs))
  const file = new URL('elections.md', HANDBOOK)
  let page = readFileSync(file, 'utf8')
  page = replaced(page, 'fit', fitTable(fits))
  page = replaced(page, 'figures', figuresTable(all))
  page = replaced(page, 'closed form', closedFormTable(broadcastMs))
  writeFileSync(file, page)
  const drawing = chart(all.map(panelOf), 'Time without a leader after a leader crash: the paper and the simulator')
  writeFileSync(new URL('elections.svg', HANDBOOK), drawing)
}

/** @throws when the page has lost the pair of markers */
export function replaced(page: string, name: string, content: string): string {
  const [from, to] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`]
  const start = page.indexOf(from)
  const end = page.indexOf(to)
  if (start < 0 || end < start) throw new Error(`the page has no ${from.trim()} … ${to}`)
  return `${page.slice(0, start + from.length)}${content}\n${page.slice(end)}`
}

interface Beside {
  setting: Setting
  paperMs: Float64Array
  /** with the stated and with the fitted broadcast time */
  simulated: { broadcastMs: number; times: ElectionTimes; result: ElectionResult }[]
}

function besideThePaper(setting: Setting, fittedMs: number): Beside {
  const simulated = [STATED_BROADCAST_MS, fittedMs].map((broadcastMs) => {
    const options = optionsOf(setting, broadcastMs)
    const times = electionTimes(options)
    return { broadcastMs, times, result: electionResult(options, times) }
  })
  return { setting, paperMs: ascending(paperTimesMs(setting)), simulated }
}

function optionsOf({ timeoutMs, trials }: Setting, broadcastMs: number): ElectionOptions {
  return { nodes: 5, timeoutMs, broadcastMs, trials, seed: SEED, logs: 'handicapped' }
}

function figuresTable(all: readonly Beside[]): string {
  const rows = all.flatMap(({ setting, paperMs, simulated }) => {
    const medianMs = quantile(paperMs, 0.5)!
    const mean = paperMs.reduce((sum, timeMs) => sum + timeMs, 0) / paperMs.length
    const paper = [mean, ...[0.5, 0.9, 0.99, 1].map((q) => quantile(paperMs, q)!)].map(figure)
    const simulatedRows = simulated.map(({ broadcastMs, result }) => simulatedRow(broadcastMs, result, medianMs))
    return [line([`**${setting.timeoutMs.join('–')}**`, 'paper', ...paper, '', '']), ...simulatedRows]
  })
  return table(['timeouts', 'broadcast', 'mean', 'p50', 'p90', 'p99', 'max', 'p50 and the paper’s', 'closed form'], rows)
}

function simulatedRow(broadcastMs: number, result: ElectionResult, paperMedianMs: number): string {
  const { trials, censored, mean_ms, p50_ms, p90_ms, p99_ms, max_ms, closed_form_ms } = result
  const closedForm = closed_form_ms === null ? '–' : figure(closed_form_ms)
  const limit = `> ${ELECTION_LIMIT_MS}`
  if (censored === trials) return line(['', `${broadcastMs} ms`, ...Array.from({ length: 5 }, () => limit), '', closedForm])
  const figures = [mean_ms, p50_ms, p90_ms, p99_ms, max_ms].map(figure)
  return line(['', `${broadcastMs} ms`, ...figures, percent(p50_ms / paperMedianMs - 1), closedForm])
}

/** What the formula leaves out shows only where it speaks of the same thing: equal logs, and few split votes. */
function closedFormTable(fittedMs: number): string {
  const rows = settings.flatMap((setting) =>
    [STATED_BROADCAST_MS, fittedMs].flatMap((broadcastMs) => {
      const closedForm = closedFormMs({ nodes: 5, timeoutMs: setting.timeoutMs, broadcastMs, storeMs: 0 })
      if (closedForm === null) return []
      const { mean_ms } = runElections({ ...optionsOf(setting, broadcastMs), logs: 'equal', trials: 10_000 })
      const name = setting.timeoutMs.join('–')
      const cells = [closedForm, mean_ms, mean_ms - closedForm, broadcastMs / 2].map((ms) => ms.toFixed(1))
      return [line([name, `${broadcastMs} ms`, ...cells])]
    }),
  )
  return table(['timeouts', 'broadcast', 'closed form', 'simulated mean', 'difference', 'one way'], rows)
}

function fitTable(fits: readonly Fit[]): string {
  const { broadcastMs, worst } = best(fits)
  const shown = fits.filter((fit) => Number.isInteger(fit.broadcastMs) || fit.broadcastMs === broadcastMs)
  const columns = shown.map((fit) => (fit.broadcastMs === broadcastMs ? `**${broadcastMs}**` : String(fit.broadcastMs)))
  const head = line(['broadcast, ms', ...columns])
  const body = line(['worst median', ...shown.map((fit) => `${(fit.worst * 100).toFixed(1)} %`)])
  const distance = `${(worst * 100).toFixed(1)} %`
  const found = `Best: **${broadcastMs} ms**. No median of the other seven settings is further than ${distance} from the paper’s.`
  return [found, '', head, line(['---', ...shown.map(() => '--:')]), body].join('\n')
}

function panelOf({ setting, paperMs, simulated }: Beside): Panel {
  const ours = simulated.map(({ broadcastMs, times: { sortedMs, censored } }, i) => {
    const ended = sortedMs.subarray(0, sortedMs.length - censored)
    const className = i === 0 ? ('stated' as const) : ('fitted' as const)
    return { name: `simulated, broadcast ${broadcastMs} ms`, className, sortedMs: ended, trials: sortedMs.length }
  })
  const paper = { name: 'paper', className: 'paper' as const, sortedMs: paperMs, trials: paperMs.length }
  return { title: `${setting.timeoutMs.join('–')} ms`, curves: [paper, ...ours] }
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [line(head), line(head.map((_, i) => (i < 2 ? '---' : '--:'))), ...rows].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Three digits that mean something; below 100 ms one after the point. */
function figure(ms: number): string {
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0)
}

function percent(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(Math.abs(share) < 1 ? 1 : 0)
  return `${text === '0.0' ? '±' : share < 0 ? '−' : '+'}${text} %`
}
