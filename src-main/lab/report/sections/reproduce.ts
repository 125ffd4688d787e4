/** Everything needed to do it again, and the proof that nothing was left behind. */
import { markup } from '../markup'
import { facts, type Section } from './section'

export const reproduce: Section = {
  id: 'reproduce',
  title: 'Reproduce',
  render({ report, startedAt }) {
    const { host, plan, cleanup } = report
    return markup`<pre class="command">faultline run plan.yaml --seed ${plan.seed}</pre>
<p class="note">with the plan of the appendix saved as plan.yaml. Targets, arrivals and times come from the seed; elections and the
operating system's scheduling do not.</p>
${facts([
  ['Run', markup`<code>${report.run}</code>`],
  ['Started', startedAt],
  ['Seed', markup`<code>${plan.seed}</code>`],
  ['Plan, SHA-256', markup`<code>${plan.sha256}</code>`],
  ['Operating system', host.os],
  ['CPU', `${host.cpu}, ${host.cores} ${host.cores === 1 ? 'core' : 'cores'}`],
  ['Node.js', host.node],
  ['Toxiproxy', host.toxiproxy],
  ['Raft core', host.raft],
  ['Cleanup', `${cleanup.done}/${cleanup.of} done: ${cleanup.done === cleanup.of ? 'nothing' : 'something'} was left behind`],
])}`
  },
}
