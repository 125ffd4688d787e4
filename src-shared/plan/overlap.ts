/** Faults at the same time on the same thing: a process can't be killed twice, a proxy can't be closed twice. */
import { faultOf } from './faults'
import { faultTimes } from './phases'
import type { FaultSpec, Plan, Target } from './plan'
import type { EntryPaths, Source } from './source'

/** Clashes between two faults, the later one first; between two entries of the plan only the first. */
export function clashes(plan: Pick<Plan, 'phases'>, faults: readonly FaultSpec[]): { later: FaultSpec; earlier: FaultSpec; clash: 'certain' | 'possible' }[] {
  const found = new Map<string, { later: FaultSpec; earlier: FaultSpec; clash: 'certain' | 'possible' }>()
  faults.forEach((later, index) => {
    for (const earlier of faults.slice(0, index)) {
      if (!overlap(earlier, later, plan)) continue
      const clash = clashOf(earlier, later)
      const pair = `${earlier.entry} ${later.entry} ${clash}`
      if (clash && !found.has(pair)) found.set(pair, { later, earlier, clash })
    }
  })
  return [...found.values()]
}

export const clashMessage = (later: FaultSpec, earlier: FaultSpec): string => `${later.id} and ${earlier.id} act on the same ${thing(later)} at the same time`

export function checkOverlaps(plan: Plan, faults: readonly FaultSpec[], entryPaths: EntryPaths, source: Source): void {
  if (source.isBroken('phases')) return
  for (const { later, earlier, clash } of clashes(plan, faults)) {
    const path = `${entryPaths.get(later.entry)!}.target`
    if (clash === 'certain') source.error(path, clashMessage(later, earlier))
    else source.warn(path, `${later.id} may draw a ${thing(later)} that ${earlier.id} already holds: it could not be applied then`)
  }
}

function overlap(a: FaultSpec, b: FaultSpec, plan: Pick<Plan, 'phases'>): boolean {
  const [one, two] = [faultTimes(a, plan), faultTimes(b, plan)]
  return one.atMs < two.untilMs && two.atMs < one.untilMs
}

function clashOf(a: FaultSpec, b: FaultSpec): 'certain' | 'possible' | null {
  if (isProcess(a) && isProcess(b)) return nodesClash(a, b)
  const closesBoth = refuses(a) && refuses(b) && a.values.path === b.values.path
  if (!closesBoth) return null
  // The first undo would open proxies that the other fault still wants closed.
  const [one, two] = [namedProxies(a), namedProxies(b)]
  return one && two && !one.some((proxy) => two.includes(proxy)) ? null : 'certain'
}

/** Each draw passes over what is down where it can: leader and follower always can, the others can't promise it. */
function nodesClash(a: FaultSpec, b: FaultSpec): 'certain' | 'possible' | null {
  const [one, two] = [a.target, b.target]
  if (one.kind === 'all' || two.kind === 'all') return 'certain'
  const [ones, twos] = [namedNodes(one), namedNodes(two)]
  if (ones && twos) return ones.some((node) => twos.includes(node)) ? 'certain' : null
  const passesOver = (kind: string): boolean => kind === 'leader' || kind === 'follower'
  if (passesOver(one.kind) && passesOver(two.kind)) return null
  return 'possible'
}

/** The nodes of a target that are the same whatever happens; null where they are drawn or play a role. */
function namedNodes(target: Target): string[] | null {
  if (target.kind === 'node') return [target.node]
  const isNamed = target.kind === 'set' && !target.isByRole && target.parts.every(({ take }) => take === null)
  return isNamed ? target.parts.flatMap(({ others }) => others) : null
}

/** The proxies of named nodes' client paths or links; null where they are known only when it happens, or are many. */
function namedProxies(spec: FaultSpec): string[] | null {
  const { target } = spec
  if (spec.values.path === 'client') return namedNodes(target)
  if (target.kind === 'links') return target.links.map(({ from, to }) => `${from}-${to}`)
  if (target.kind !== 'link' || [target.from, target.to].some((side) => side === '*' || side === 'leader')) return null
  return target.both ? [`${target.from}-${target.to}`, `${target.to}-${target.from}`] : [`${target.from}-${target.to}`]
}

const refuses = (spec: FaultSpec): boolean => spec.values.mode === 'refuse'
const isProcess = (spec: FaultSpec): boolean => faultOf(spec.fault).takesOut(spec.values) === 'nodes'
const thing = (spec: FaultSpec): string => (isProcess(spec) ? 'node' : 'link')
