/** Network faults that are seen by probes of ours through the same proxy: there when each target shows it, gone when none does. */
import type { FaultSize } from '@shared/run/event'
import type { Path, Stream } from '@shared/plan/faults/toxic'
import { clientTarget } from '../probes/control'
import type { LinkEnd } from '../probes/link'
import type { Probe, Reading } from '../probes/prober'
import { type FaultObserver, observableLinks, type Observation, observer } from './fault'

/** A fault on many links is looked at on so many of them: probes shall not be a load. */
export const TARGETS_MAX = 4
/** One reading may be an accident of the machine. */
const READINGS_IN_A_ROW = 2

export interface OnPath {
  path: Path
  stream?: Stream
}

export interface Probed<V extends OnPath> {
  withinMs(values: V): number
  onLink(link: LinkEnd, values: V): Probe
  onClientPath(target: string, port: number, values: V): Probe
  /** whether this reading has the effect in it; null = it says nothing */
  shows(reading: Reading, values: V): boolean | null
  /** of one reading, in words */
  says(reading: Reading): string
  /** what else has to hold before it counts as gone: a fault that comes and goes is not gone when it has just gone */
  isOver?(observation: Observation<V>): boolean
  size?(readings: Reading[], values: V): FaultSize | null
}

export function probed<V extends OnPath>(of: Probed<V>): FaultObserver {
  const look = (observation: Observation<V>, wanted: boolean): string | null => {
    const { values, acknowledgedNs } = observation
    const telling = observation.readings(acknowledgedNs).filter((reading) => of.shows(reading, values) !== null)
    const targets = targetsOf(observation)
    const last = targets.map((target) => telling.filter((reading) => reading.target === target).slice(-READINGS_IN_A_ROW))
    const holds = last.every((readings) => readings.length === READINGS_IN_A_ROW && readings.every((reading) => of.shows(reading, values) === wanted))
    return targets.length > 0 && holds ? last.map((readings, at) => `${targets[at]}: ${of.says(readings.at(-1)!)}`).join(', ') : null
  }
  return observer<V>({
    withinMs: (values) => of.withinMs(values),
    probes({ cluster, drawn, values }) {
      return [
        ...linksProbed({ cluster, drawn }).map(({ from, to }) => of.onLink(cluster.linkEnd(from, to), values)),
        ...drawn.clients.slice(0, TARGETS_MAX).map((node) => of.onClientPath(clientTarget(node), cluster.node(node).client, values)),
      ]
    },
    isThere: (observation) => look(observation, true),
    isGone: (observation) => (of.isOver?.(observation) === false ? null : look(observation, false)),
    ...(of.size ? { size: ({ readings, acknowledgedNs, values }: Observation<V>) => of.size!(readings(acknowledgedNs), values) } : {}),
  })
}

export const linksProbed = (of: Pick<Observation, 'cluster' | 'drawn'>): { from: string; to: string }[] => observableLinks(of).slice(0, TARGETS_MAX)

export function targetsOf({ cluster, drawn }: Pick<Observation, 'cluster' | 'drawn'>): string[] {
  return [...linksProbed({ cluster, drawn }).map(({ from, to }) => `${from}->${to}`), ...drawn.clients.slice(0, TARGETS_MAX).map(clientTarget)]
}

export const valuesOf = (readings: readonly Reading[]): number[] => readings.flatMap(({ value }) => (value === null ? [] : [value]))

/** How often a delay counts on the way of a probe: a client path has both ways unless one is said. */
export const waysOf = ({ path, stream }: OnPath): number => (path === 'client' && (stream ?? 'both') === 'both' ? 2 : 1)
