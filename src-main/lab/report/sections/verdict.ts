/** What a reader needs if they read nothing else: the verdict, one sentence, three numbers, what to do first. */
import type { ExpectationResult, FaultResult, Report, VerdictWord } from '@shared/run/report'
import { count, duration, observed, percentage } from '../figures'
import { markup, type Markup } from '../markup'
import type { Section } from './section'

const WORDS: Record<VerdictWord, { word: string; mark: string }> = {
  HELD: { word: 'HELD', mark: '✓' },
  NOT_HELD: { word: 'NOT HELD', mark: '✕' },
  INCONCLUSIVE: { word: 'INCONCLUSIVE', mark: '?' },
}

export const verdict: Section = {
  id: 'verdict',
  title: 'Verdict',
  render({ report }) {
    const { word, mark } = WORDS[report.verdict]
    const end = report.stopped_by === null ? report.end : `${report.end}: ${report.stopped_by}`
    const invalid = report.invalid.map((reason) => markup`<li>${reason}</li>`)
    const warning = markup`<div class="notice"><strong>This run is not valid.</strong> Its numbers do not describe the cluster:
<ul>${invalid}</ul></div>`
    return markup`<div class="verdict ${report.valid ? report.verdict : 'invalid'}">
<span class="mark" aria-hidden="true">${mark}</span><strong>${word}</strong>
<span class="end">run ${end}${report.valid ? '' : ', not valid'}</span></div>
${report.valid ? null : warning}
<p class="sentence">${sentence(report)}</p>
<div class="figures">
${figure('Availability', percentage(report.availability.requests), `of ${count(report.requests.total)} requests`)}
${figure('P99 latency', duration(report.latency_ms.p99), latencyNote(report))}
${figure('Longest recovery', longestRecovery(report.faults), 'from the fault’s effect until requests succeed again')}
</div>
<p class="action"><strong>Next:</strong> ${nextAction(report)}</p>`
  },
}

function figure(name: string, value: string, note: string): Markup {
  return markup`<div><span>${name}</span><strong>${value}</strong><small>${note}</small></div>`
}

export function nameOf({ metric, fault, phase, op, slo }: ExpectationResult): string {
  const of = [fault && `of ${fault}`, phase && `in ${phase}`, op && `of ${op}s`, slo && `(${slo})`].filter(Boolean)
  return [metric, ...of].join(' ')
}

function sentence({ verdict, expectations, faults, end }: Report): string {
  const met = expectations.filter(({ held }) => held === true).length
  const all = expectations.length
  const asked = (found: ExpectationResult) =>
    `${nameOf(found)} was ${observed(found.metric, found.observed)}, expected ${found.expected}`
  switch (verdict) {
    case 'HELD':
      return all === 1 ? 'The one expectation was met.' : `All ${all} expectations were met.`
    case 'NOT_HELD': {
      const missed = expectations.filter(({ held }) => held === false)
      return `${met} of ${all} expectations were met: ${missed.map(asked).join('; ')}.`
    }
    case 'INCONCLUSIVE': {
      if (all === 0) return 'The plan expects nothing, so there is nothing that could hold.'
      const open = expectations.filter(({ held }) => held === null).map(nameOf)
      const why = [
        ...(open.length > 0 ? [`no value for ${open.join(', ')}`] : []),
        ...notShown(faults),
        ...(end === 'COMPLETED' ? [] : ['the run did not go on to its end']),
      ]
      return `${met} of ${all} expectations were met, but ${why.join('; ')}.`
    }
  }
}

/** Many faults fail for the same reason: the first few tell it. */
const NAMED_MAX = 3

function notShown(faults: readonly FaultResult[]): string[] {
  const silent = faults.filter(({ not_shown }) => not_shown !== undefined)
  const named = silent.slice(0, NAMED_MAX).map(({ id, fault, not_shown }) => `${fault} ${id} did not show (${not_shown})`)
  return silent.length <= NAMED_MAX ? named : [...named, `nor did ${silent.length - NAMED_MAX} other faults`]
}

function nextAction(report: Report): string {
  if (report.cleanup.done < report.cleanup.of) return 'run “faultline clean”: something was left behind.'
  if (!report.valid) return 'remove the cause named above and run again with the same seed.'
  if (report.linearizable.verdict === 'violated') return 'look at the linearizability section first: the data itself was wrong.'
  const missed = report.expectations.find(({ held }) => held === false)
  if (missed) return `look at ${nameOf(missed)} on the timeline, then run again with the same seed.`
  if (report.end !== 'COMPLETED') return 'run the plan again to its end.'
  if (report.faults.some(({ not_shown }) => not_shown !== undefined)) return 'see why the fault did not show, change the plan, and run it again.'
  if (report.verdict === 'INCONCLUSIVE') return 'give the plan expectations that this run can answer.'
  return 'nothing to mend. Run again with other seeds before relying on one run.'
}

function longestRecovery(faults: readonly FaultResult[]): string {
  if (faults.length === 0) return 'no fault'
  const hit = faults.filter(({ onset_ms }) => onset_ms !== null)
  if (hit.length === 0) return 'no impact'
  if (hit.some(({ restored_ms }) => restored_ms === null)) return 'not restored'
  return duration(Math.max(...hit.map(({ restored_ms, effective_ms, onset_ms }) => restored_ms! - (effective_ms ?? onset_ms!))))
}

function latencyNote({ latency_ms, requests }: Report): string {
  return latency_ms.p99 === null && requests.total < 100 ? 'needs at least 100 requests' : `max ${duration(latency_ms.max)}`
}
