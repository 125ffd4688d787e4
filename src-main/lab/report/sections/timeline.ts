/** The run on one axis. */
import { timelineSvg } from '../chart/timeline'
import { duration } from '../figures'
import { markup } from '../markup'
import type { Section } from './section'

export const timeline: Section = {
  id: 'timeline',
  title: 'Timeline',
  render({ timeline: found }) {
    if (found.toMs <= found.fromMs || found.bins.startMs.length === 0) return markup`<p>No load was recorded: there is nothing to draw.</p>`
    const { svg, joined } = timelineSvg(found)
    const width = duration(found.bins.widthMs)
    const joining =
      joined > 1 ? ` Drawn with ${joined} bins a column: counts added, the worst availability and the highest latency kept.` : ''
    return markup`<figure>${svg}
<figcaption>
<span class="key"><i class="swatch ok"></i>ok</span><span class="key"><i class="swatch fail"></i>fail</span><span class="key"><i class="swatch unknown"></i>unknown</span>
<span class="key"><i class="stroke p50"></i>p50</span><span class="key"><i class="stroke p99"></i>p99</span><span class="key"><i class="stroke max"></i>max</span>
<span class="key"><i class="swatch leader"></i>leader (thick)</span><span class="key"><i class="swatch follower"></i>follower (thin)</span><span class="key"><i class="swatch candidate"></i>candidate</span>
<span class="key"><i class="swatch planned"></i>fault as planned (outline)</span><span class="key"><i class="swatch effective"></i>in effect (hatched)</span>
<p>0 s is the start of the load. Requests are counted by the moment they should have started, in bins of ${width}; latency counts
from that moment too, and a timed-out request counts with its deadline. Availability is the share of good requests in the last
${duration(found.availabilityWindowMs)}. A gap means that there was no request.${joining}</p>
</figcaption></figure>`
  },
}
