/**
 * What is wrong between parts of a plan that are right one by one. Each rule stays silent where a part that it
 * compares was refused already, so that one slip is reported once.
 */
import { checkBlastRadius } from './blast-radius'
import { checkMembers } from './member-changes'
import { clientToxics } from './faults/toxic'
import { checkOverlaps } from './overlap'
import { votersOf } from './outage'
import { longestElectionTimeoutMs, phaseTimes, planDurationMs, RECOVERY_MARGIN_MS, recoveryHoldMs } from './phases'
import type { Plan } from './plan'
import type { EntryPaths, Source } from './source'
import { longestRoundTripMs } from './standing'
import { FAULTS_MAX, MONKEY, unfold } from './unfold'
import { formatDuration } from './units'

export function checkPlan(plan: Plan, entryPaths: EntryPaths, source: Source): void {
  checkTimers(plan, source)
  checkStrategies(plan, source)
  checkClient(plan, source)
  checkRecoveryPhase(plan, source)
  checkEntryTimes(plan, entryPaths, source)
  checkNames(plan, entryPaths, source)
  checkTogether(plan, entryPaths, source)
  checkJudging(plan, source)
}

/** Two heartbeats have to fit into the shortest election timeout, or a single late one starts an election. */
function checkTimers(plan: Plan, source: Source): void {
  if (source.isBroken('cluster.raft')) return
  const { heartbeatMs, electionTimeoutMs, requestTimeoutMs } = plan.cluster.raft
  const longestMs = longestElectionTimeoutMs(plan.cluster.raft)
  const shortest = electionTimeoutMs[0]
  if (2 * heartbeatMs > shortest) {
    source.error(
      'cluster.raft.heartbeat',
      `heartbeat ${formatDuration(heartbeatMs)} is more than half the shortest election timeout (${formatDuration(shortest)}): followers would campaign against a healthy leader`,
      formatDuration(Math.max(1, Math.floor(shortest / 3))),
    )
  }
  if (shortest === electionTimeoutMs[1] && votersOf(plan.cluster.nodes).length > 1) {
    source.warn('cluster.raft.electionTimeout', 'every node waits equally long: votes will split', `[${formatDuration(shortest)}, ${formatDuration(2 * shortest)}]`)
  }
  const delayMs = longestRoundTripMs(plan, votersOf(plan.cluster.nodes))
  const where = plan.zones.length > 0 ? 'zones' : 'cluster.network.latency'
  if (delayMs >= shortest && !['cluster.network', 'cluster.nodes', 'zones'].some((path) => source.isBroken(path))) {
    source.warn(where, `a round trip takes up to ${formatDuration(delayMs)}, and the shortest election timeout is ${formatDuration(shortest)}: elections without a fault are likely`)
  }
  if (requestTimeoutMs <= longestMs) {
    source.warn('cluster.raft.requestTimeout', 'requestTimeout is not longer than an election timeout: no request outlasts an election')
  }
}

/** Settings of the timers and of reads that contradict each other, or say nothing beside the others. */
function checkStrategies(plan: Plan, source: Source): void {
  if (source.isBroken('cluster.raft')) return
  const { heartbeatMs, electionTimeoutMs, timers, reads, checkQuorum, preVote } = plan.cluster.raft
  if (reads === 'lease' && !checkQuorum) {
    source.error('cluster.raft.reads', 'a lease holds only while a quorum is checked: reads by lease need checkQuorum: true', 'linearizable')
  }
  if (timers.kind === 'adaptive' && timers.ceilingMs < 2 * timers.floorMs) {
    const path = 'cluster.raft.timers.adaptive.ceiling'
    const message = `the longest election timeout is twice the shortest: a ceiling of ${formatDuration(timers.ceilingMs)} leaves no room above the floor of ${formatDuration(timers.floorMs)}`
    source.error(path, message, formatDuration(2 * timers.floorMs))
  } else if (timers.kind === 'adaptive' && timers.ceilingMs < 6 * heartbeatMs) {
    const message = `three heartbeats of ${formatDuration(heartbeatMs)} have to fit into the shortest election timeout, which is half the ceiling`
    source.error('cluster.raft.timers.adaptive.ceiling', message, formatDuration(6 * heartbeatMs))
  }
  if (timers.kind !== 'backoff') return
  const path = 'cluster.raft.timers.backoff.maxProbe'
  if (timers.maxProbeMs < heartbeatMs) {
    source.error(path, `heartbeats come every ${formatDuration(heartbeatMs)}: a bound of ${formatDuration(timers.maxProbeMs)} would make them faster`, formatDuration(10 * heartbeatMs))
  } else if (!preVote && timers.maxProbeMs > electionTimeoutMs[0] / 2) {
    source.warn(path, `without preVote the pause stays below half the shortest election timeout (${formatDuration(electionTimeoutMs[0] / 2)}), whatever is said here`)
  }
}

function checkClient(plan: Plan, source: Source): void {
  if (source.isBroken('load') || source.isBroken('cluster.raft.requestTimeout')) return
  const readTimeoutMs = Math.min(...plan.loads.map(({ client }) => client.readTimeoutMs))
  const { requestTimeoutMs } = plan.cluster.raft
  if (readTimeoutMs > requestTimeoutMs) return
  source.warn(
    'load.client.readTimeout',
    `readTimeout ${formatDuration(readTimeoutMs)} is not above requestTimeout ${formatDuration(requestTimeoutMs)}: clients give up before a node says that it did not manage`,
    formatDuration(requestTimeoutMs + 1000),
  )
}

function checkRecoveryPhase(plan: Plan, source: Source): void {
  if (source.isBroken('phases') || source.isBroken('cluster.raft')) return
  if (plan.timeline.length === 0 && !plan.monkey && !source.isBroken('timeline')) return
  const holdMs = recoveryHoldMs(longestElectionTimeoutMs(plan.cluster.raft))
  const neededMs = holdMs + RECOVERY_MARGIN_MS
  if (plan.phases.recoveryMs >= neededMs) return
  source.error(
    'phases.recovery',
    `recovery ${formatDuration(plan.phases.recoveryMs)} is shorter than ${formatDuration(neededMs)}: success has to last ${formatDuration(holdMs)} to count as recovered, and recovery itself takes time`,
    formatDuration(neededMs),
  )
}

function checkEntryTimes(plan: Plan, entryPaths: EntryPaths, source: Source): void {
  if (source.isBroken('phases')) return
  const holdMs = recoveryHoldMs(longestElectionTimeoutMs(plan.cluster.raft))
  const endMs = planDurationMs(plan)
  for (const entry of plan.timeline) {
    const path = entryPaths.get(entry.id)!
    const phase = phaseTimes(plan).find((times) => times.phase === entry.phase)!
    const lengthMs = phase.toMs - phase.fromMs
    const { count, everyMs, spreadMs } = entry.repeat ?? { count: 1, everyMs: 0, spreadMs: 0 }
    const lastAtMs = entry.atMs + (count - 1) * everyMs + spreadMs
    const name = count > 1 ? `the last of ${count} ${entry.id}` : entry.id
    const begins = spreadMs > 0 ? 'begins as late as' : 'begins at'
    if (lastAtMs >= lengthMs) {
      source.error(`${path}.${count > 1 ? 'repeat' : 'at'}`, `${name} ${begins} ${formatDuration(lastAtMs)}, and the phase ${entry.phase} lasts ${formatDuration(lengthMs)}`)
      continue
    }
    if (entry.forMs === 'good') continue // there is nothing to recover from it
    if (entry.forMs !== null && lastAtMs + entry.forMs > lengthMs) {
      source.error(
        `${path}.for`,
        `${name} ends ${formatDuration(lastAtMs + entry.forMs)} into the phase ${entry.phase}, which lasts ${formatDuration(lengthMs)}`,
        formatDuration(Math.max(100, lengthMs - lastAtMs)),
      )
      continue
    }
    if (entry.when?.withinMs != null && entry.when.withinMs > lengthMs) {
      source.error(`${path}.within`, `the phase ${entry.phase} lasts ${formatDuration(lengthMs)}`, formatDuration(lengthMs))
      continue
    }
    const untilMs = phase.fromMs + (entry.forMs === null || entry.when ? lengthMs : lastAtMs + entry.forMs)
    const leftMs = endMs - untilMs
    if (leftMs < holdMs && !source.isBroken('phases.recovery')) {
      source.warn(
        path,
        `${leftMs === 0 ? 'nothing' : formatDuration(leftMs)} of the run is left after ${entry.id}: the hold of ${formatDuration(holdMs)} that recovery needs may be cut short`,
      )
    }
  }
}

/** What faults do to each other depends on when they begin, and so on the seed: `problemsWithSeed` asks again for another. */
function checkTogether(plan: Plan, entryPaths: EntryPaths, source: Source): void {
  const faults = unfold(plan, plan.seed)
  if (plan.monkey && !source.isBroken('phases') && !source.isBroken('monkey') && !faults.some(({ entry }) => entry === MONKEY)) {
    source.error('monkey', `the phase ${plan.monkey.phase} has no room for a gap and a fault`)
  }
  if (faults.length > FAULTS_MAX) {
    source.error('timeline', `these are ${faults.length} faults; a plan comes to at most ${FAULTS_MAX}`)
    return
  }
  checkOverlaps(plan, faults, entryPaths, source)
  checkBlastRadius(plan, faults, entryPaths, source)
  checkMembers(plan, entryPaths, source)
}

/** A fault names its toxics after its id, two where it acts on client paths; no other id may be called like one of them. */
function checkNames(plan: Plan, entryPaths: EntryPaths, source: Source): void {
  for (const entry of plan.timeline) {
    const other = plan.timeline.find(({ id }) => Object.values(clientToxics(id)).includes(entry.id))
    if (other) source.error(`${entryPaths.get(entry.id)!}.id`, `"${entry.id}" is the name of a toxic of "${other.id}"`)
  }
}

function checkJudging(plan: Plan, source: Source): void {
  const names = new Set<string>()
  plan.slos.forEach((slo, index) => {
    if (names.has(slo.name)) source.error(`slos[${index}].name`, `there are two objectives "${slo.name}"`)
    names.add(slo.name)
  })
  plan.guards.forEach((guard, index) => {
    if (!source.isBroken('phases') && guard.forMs >= planDurationMs(plan)) {
      source.warn(`guards[${index}].when`, `the run lasts ${formatDuration(planDurationMs(plan))}: this guard can't act`)
    }
  })
  plan.expect.forEach((expectation, index) => {
    if (expectation.metric.startsWith('recovery') && plan.timeline.length === 0 && !plan.monkey && !source.isBroken('timeline')) {
      source.error(`expect[${index}].metric`, `there is no fault to recover from: the timeline is empty`)
    }
    if (expectation.phase !== null && !source.isBroken('phases') && plan.phases[`${expectation.phase}Ms`] === 0) {
      source.error(`expect[${index}].phase`, `the phase ${expectation.phase} has no length`)
    }
  })
  if (plan.expect.length === 0 && !source.hasErrors()) source.warn('expect', 'nothing is expected: the verdict will be INCONCLUSIVE')
}
