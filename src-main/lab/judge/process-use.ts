/** What each process of the lab took from the machine while load ran. */
import type { Report } from '@shared/run/report'
import type { RunRecords } from '../store/records'
import type { Axis } from './axis'

interface Sample {
  atNs: number
  cpuMs: number
  rssBytes: number
}

/**
 * CPU counters are cumulative since a process began. A node that was restarted has a life, and a counter, per boot: time
 * and CPU of all its lives add up, and the time it was down counts for neither.
 */
export function processUse(records: RunRecords, axis: Axis): Report['cpu'] {
  const lives = new Map<string, Map<string, Sample[]>>()
  const keep = (process: string, boot: string, sample: Sample): void => {
    const atMs = axis.toMs(sample.atNs)
    if (!axis.hasLoad || atMs < 0 || atMs > axis.horizonMs) return
    const boots = lives.get(process) ?? new Map<string, Sample[]>()
    lives.set(process, boots)
    const life = boots.get(boot)
    if (life === undefined) boots.set(boot, [sample])
    else life.push(sample)
  }
  for (const sample of records.nodeSamples) keep(sample.node, sample.boot, sample)
  for (const sample of records.labSamples) keep(sample.process, '', sample)

  return [...lives].map(([process, boots]) => {
    let cpuMs = 0
    let livedMs = 0
    let rssBytes = 0
    for (const samples of boots.values()) {
      const [first, last] = [samples[0]!, samples.at(-1)!]
      cpuMs += last.cpuMs - first.cpuMs
      livedMs += (last.atNs - first.atNs) / 1e6
      rssBytes = samples.reduce((max, sample) => Math.max(max, sample.rssBytes), rssBytes)
    }
    return { process, cores_mean: livedMs === 0 ? 0 : Math.round((cpuMs / livedMs) * 1e4) / 1e4, rss_bytes_max: rssBytes }
  })
}
