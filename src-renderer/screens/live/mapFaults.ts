/** What of the faults in force is drawn on the map: badges at nodes, marks on links, and what concerns no single place. */
import type { FaultFamily } from '@shared/plan/faults/fault'
import type { LiveFrame } from '@shared/api/live'
import { sizeText } from '@shared/run/size'

type Fault = LiveFrame['faults'][number]

export interface Badge {
  key: string
  family: FaultFamily
  text: string
  title: string
}

const IN_FORCE: readonly Fault['state'][] = ['applying', 'active', 'undoing']
const BADGES_MAX = 2
const LINKS_NAMED_MAX = 2

export const inForce = (faults: readonly Fault[]): Fault[] => faults.filter(({ state }) => IN_FORCE.includes(state))

/** `crash`, `fsync-slow 200ms` */
export const faultText = ({ fault, label }: Fault): string => (label === '' ? fault : `${fault} ${label}`)

/** Asked beside seen; before anything was measured what was seen in words, or what was asked. */
export function sizesText({ size, seen, asked }: Fault): string {
  if (size) return sizeText(size)
  return [asked, seen].filter((text) => text !== null && text !== '').join(' · ')
}

/** The same with what was measured. */
export const whatText = (fault: Fault): string => (fault.size ? `${fault.size.what}: ${sizesText(fault)}` : sizesText(fault))

/** A few links by their own names, since a fault on one is about neither node; else the target as drawn. */
export function placeText({ at, targets }: Fault): string {
  const named = at.links.length > 0 && at.links.length <= LINKS_NAMED_MAX ? at.links.map(({ from, to }) => `${from}->${to}`) : targets
  return named.join(', ')
}

/** By node: what acts inside it, then what acts on its client path; more than fit are counted. */
export function badgesByNode(faults: readonly Fault[], clientPath: string): Map<string, Badge[]> {
  const badges = new Map<string, Badge[]>()
  const put = (node: string, badge: Badge): void => void badges.set(node, [...(badges.get(node) ?? []), badge])
  for (const fault of inForce(faults)) {
    const { id: key, family } = fault
    const [text, title] = [faultText(fault), `${fault.id}: ${faultText(fault)}. ${whatText(fault)}`]
    for (const node of fault.at.nodes) put(node, { key, family, text, title })
    for (const node of fault.at.clients) put(node, { key: `${key} clients`, family, text: `${clientPath}: ${text}`, title })
  }
  for (const [node, all] of badges) {
    if (all.length <= BADGES_MAX) continue
    const rest = all.slice(BADGES_MAX - 1)
    badges.set(node, [...all.slice(0, BADGES_MAX - 1), { key: 'more', family: rest[0]!.family, text: `+${rest.length}`, title: rest.map(({ title }) => title).join('\n') }])
  }
  return badges
}

/** What is drawn beside the map, since it has no place on it: client groups, and the cluster as a whole. */
export function badgesBeside(faults: readonly Fault[]): Badge[] {
  return inForce(faults)
    .filter(({ at }) => at.nodes.length + at.links.length + at.clients.length === 0)
    .map((fault) => ({
      key: fault.id,
      family: fault.family,
      text: `${fault.at.groups.length > 0 ? fault.at.groups.join(', ') : fault.targets.join(', ')}: ${faultText(fault)}`,
      title: `${fault.id}: ${whatText(fault)}`,
    }))
}

/** On a link that is neither cut nor only slow: of the last fault that acts there what tells most, else its kind. */
export function linkMarks(faults: readonly Fault[]): Map<string, string> {
  const marks = new Map<string, string>()
  for (const fault of inForce(faults)) {
    for (const { from, to } of fault.at.links) marks.set(`${from}-${to}`, faultText(fault))
  }
  return marks
}
