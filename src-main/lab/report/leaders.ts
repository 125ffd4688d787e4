/** Who led during a stretch of leadership: from its label, else from the lanes of the nodes. */
import type { Span, Timeline } from '@shared/run/report'

/** @returns e.g. "n2, term 1"; several when leadership passed on without a gap; "none" for a leaderless stretch */
export function leadersDuring(timeline: Timeline, span: Span<'led' | 'none'>): string {
  if (span.state === 'none') return 'none'
  if (span.label !== undefined) return span.label
  const claims = timeline.nodes.flatMap(({ id, spans }) =>
    spans
      .filter(({ state, fromMs, toMs }) => state === 'leader' && fromMs < span.toMs && toMs > span.fromMs)
      .map(({ fromMs, label }) => ({ fromMs, name: label === undefined ? id : `${id}, ${label}` })),
  )
  const names = claims.toSorted((a, b) => a.fromMs - b.fromMs).map(({ name }) => name)
  return names.length > 0 ? [...new Set(names)].join(' → ') : 'led'
}
