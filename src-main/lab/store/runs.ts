/** The row of a run: what it was asked to be, how it ended, what was made of it. */
import type { Host, RunEnd, RunSummary, VerdictWord } from '@shared/run/report'
import type { RunClosing, RunHeader } from './records'

export interface HeaderRow {
  run: string
  title: string
  plan_text: string
  plan_sha256: string
  seed: number
  started_wall_ms: number
  host: string
  version: string
  lab: string
}

export interface ClosingRow {
  end: RunEnd | null
  stopped_by: string | null
  invalid: string | null
  not_sent: number | null
  load_start_ns: number | null
  ended_ns: number | null
}

export interface SummaryRow {
  run: string
  lab: string
  title: string
  started_wall_ms: number
  end: RunEnd | null
  verdict: VerdictWord | null
  valid: number | null
  plan_sha256: string
}

export function headerRowOf(header: RunHeader): HeaderRow {
  return {
    run: header.run,
    title: header.title,
    plan_text: header.planText,
    plan_sha256: header.planSha256,
    seed: header.seed,
    started_wall_ms: Math.round(header.startedWallMs),
    host: JSON.stringify(header.host),
    version: header.version,
    lab: header.lab,
  }
}

export function headerOf(row: HeaderRow): RunHeader {
  return {
    run: row.run,
    title: row.title,
    planText: row.plan_text,
    planSha256: row.plan_sha256,
    seed: row.seed,
    startedWallMs: row.started_wall_ms,
    host: JSON.parse(row.host) as Host,
    version: row.version,
    lab: row.lab,
  }
}

export function closingRowOf(closing: RunClosing): ClosingRow {
  return {
    end: closing.end,
    stopped_by: closing.stoppedBy,
    invalid: JSON.stringify(closing.invalid),
    not_sent: closing.notSent,
    load_start_ns: closing.loadStartNs === null ? null : Math.round(closing.loadStartNs),
    ended_ns: Math.round(closing.endedNs),
  }
}

/** @returns null for a run that was never closed */
export function closingOf(row: ClosingRow): RunClosing | null {
  if (row.end === null) return null
  return {
    end: row.end,
    stoppedBy: row.stopped_by,
    invalid: JSON.parse(row.invalid ?? '[]') as string[],
    notSent: row.not_sent ?? 0,
    loadStartNs: row.load_start_ns,
    endedNs: row.ended_ns ?? 0,
  }
}

export function summaryOf(row: SummaryRow, isLive: boolean): RunSummary {
  return {
    run: row.run,
    title: row.title,
    started: new Date(row.started_wall_ms).toISOString(),
    end: row.end ?? (isLive ? 'RUNNING' : 'ERRORED'),
    verdict: row.verdict,
    valid: row.valid === null ? null : row.valid === 1,
    sha256: row.plan_sha256,
  }
}

/** No letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/**
 * A run's name: readable, and sorted as text in order of time (UTC, so that no clock change turns it round).
 *
 * @param random uniform in [0, 1)
 */
export function newRunId(wallMs: number, random: () => number): string {
  const [date = '', time = ''] = new Date(wallMs).toISOString().split('T')
  const tail = Array.from({ length: 4 }, () => ALPHABET.charAt(Math.floor(random() * ALPHABET.length))).join('')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${tail}`
}
