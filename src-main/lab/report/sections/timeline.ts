/** The run on one axis. */
import { timelineSvg } from '../chart/timeline'
import { duration } from '../figures'
import { markup } from '../markup'
import type { Section } from './section'

const KEYS: readonly [string, string][] = [
  ['swatch ok', 'ok'],
  ['swatch fail', 'fail'],
  ['swatch unknown', 'unknown'],
  ['stroke p50', 'p50'],
  ['stroke p99', 'p99'],
  ['stroke max', 'max'],
  ['swatch leader', 'leader (thick)'],
  ['swatch follower', 'follower (thin)'],
  ['swatch candidate', 'candidate'],
  ['swatch planned', 'fault as planned (outline)'],
  ['swatch effective', 'in effect (hatched)'],
]

export const timeline: Section = {
  id: 'timeline',
  title: 'Timeline',
  render({ timeline: found }) {
    const isEmpty = found.toMs <= found.fromMs || found.bins.startMs.length === 0
    if (isEmpty) return markup`<p>No load was recorded: there is nothing to draw.</p>`
    const { svg, joined } = timelineSvg(found)
    const width = duration(found.bins.widthMs)
    const joining =
      joined > 1 ? ` Drawn with ${joined} bins a column: counts added, the worst availability and the highest latency kept.` : ''
    return markup`<figure>${svg}
<figcaption>
${KEYS.map(([look, name]) => markup`<span class="key"><i class="${look}"></i>${name}</span>`)}
<p>0 s is the start of the load. Requests are counted by the moment they should have started, in bins of ${width}; latency counts
from that moment too, and a timed-out request counts with its deadline. Availability (the share of good requests) and p99 look
back over ${duration(found.availabilityWindowMs)}, p50 and max are each bin's own. A gap means that there were no or too few requests.${joining}</p>
</figcaption></figure>`
  },
}
