/**
 * Election timeouts that follow the network (Dynatune, arXiv 2507.15154). The shortest one is ten times what TCP would
 * wait for an answer, SRTT + 4·RTTVAR (Jacobson; RFC 6298), since an election timeout should be 10 to 20 one-way
 * delays; never less than three heartbeats, so that two may be lost; and between floor and ceiling. The longest is
 * twice the shortest. A follower looks at the link to its leader, a leader at its slowest voter.
 *
 * They grow at once and shrink late: one that is too short deposes a leader that lives, one that is too long costs a
 * moment at worst. So a shorter range has to be wanted for a while, and the longest that was wanted meanwhile is taken.
 *
 * When the leader falls silent the configured range is back: the measurements are of a network that is gone.
 */
import type { Core } from '../core'
import { allVoters } from '../membership/sets'
import type { NodeId, RaftConfig } from '../types'

const SCALE = 10
const DEVIATIONS = 4
const HEARTBEATS_MIN = 3
/** changes smaller than this share, or than these milliseconds, are noise */
const CHANGE_SHARE_MIN = 0.1
const CHANGE_MS_MIN = 5
const SHRINK_AFTER_MS = 2_000

/** @returns the range of election timeouts for a link like this */
export function adaptiveRange(
  { floorMs, ceilingMs }: { floorMs: number; ceilingMs: number },
  heartbeatMs: number,
  smoothedMs: number,
  varianceMs: number,
): readonly [number, number] {
  const wantedMs = Math.max(floorMs, HEARTBEATS_MIN * heartbeatMs, SCALE * (smoothedMs + DEVIATIONS * varianceMs))
  const shortestMs = Math.min(ceilingMs / 2, wantedMs)
  return [shortestMs, 2 * shortestMs]
}

export function observeRoundTrip(core: Core, peer: NodeId, smoothedMs: number, varianceMs: number): void {
  const { timers, heartbeatMs } = core.config
  if (timers?.kind !== 'adaptive') return
  core.roundTrips.set(peer, { smoothedMs, varianceMs })
  const decisive = decisiveLink(core, timers, heartbeatMs)
  if (!decisive) return
  const [from, to] = [core.timeoutsMs[0], decisive.range[0]]
  const isNoise = Math.abs(to - from) < Math.max(CHANGE_SHARE_MIN * from, CHANGE_MS_MIN)
  const reason = `link to ${decisive.peer}: ${decisive.smoothedMs.toFixed(1)} ± ${decisive.varianceMs.toFixed(1)} ms`
  if (to < from && !isNoise) return shrink(core, decisive.range, reason)
  core.shrinking = null
  if (!isNoise) change(core, decisive.range, reason)
}

function shrink(core: Core, range: readonly [number, number], reason: string): void {
  const before = core.shrinking ?? { sinceMs: core.nowMs, range, reason }
  const longest = range[0] >= before.range[0] ? { sinceMs: before.sinceMs, range, reason } : before
  core.shrinking = longest
  if (core.nowMs - longest.sinceMs >= SHRINK_AFTER_MS) change(core, longest.range, longest.reason)
}

/** The leader was silent for an election timeout. */
export function fallBack(core: Core): void {
  const configured = core.config.electionTimeoutMs
  if (core.timeoutsMs[0] !== configured[0]) change(core, configured, 'the leader is silent')
}

function decisiveLink(core: Core, timers: RaftConfig['timers'] & { kind: 'adaptive' }, heartbeatMs: number) {
  const peers = core.state.role === 'leader' ? allVoters(core.members.current) : core.leader === null ? [] : [core.leader]
  let decisive = null
  for (const peer of peers) {
    const link = core.roundTrips.get(peer)
    if (!link) continue
    const range = adaptiveRange(timers, heartbeatMs, link.smoothedMs, link.varianceMs)
    if (decisive === null || range[0] > decisive.range[0]) decisive = { peer, range, ...link }
  }
  return decisive
}

/** The timer that runs goes on as it is; from its next start on it has its place in the new range. */
function change(core: Core, range: readonly [number, number], reason: string): void {
  const [fromMs, toMs] = [core.timeoutsMs[0], range[0]]
  core.timeoutsMs = range
  core.shrinking = null
  core.electionTimeoutMs *= toMs / fromMs
  core.outbox.event({ kind: 'timeoutChanged', fromMs, toMs, reason })
}
