/** A plan of three nodes whose timeline is the given entries, read and expanded: what a fault comes to in the dry run. */
import { expand } from '@shared/plan/expand'
import { type ParsedPlan, parsePlan } from '@shared/plan/parse'
import type { ScheduledFault } from '@shared/plan/schedule'

/** Entries `f-1`, `f-2` …, all 2 s into the faults and lasting `lasts`. */
export function readLasting(lasts: string, ...entries: string[]): ParsedPlan {
  return parsePlan(`faultline: 1
title: T
cluster: { nodes: 3 }
blastRadius: { nodes: 3, allowQuorumLoss: true }
timeline:
${entries.map((entry, index) => `  - { id: f-${index + 1}, at: 2s, for: ${lasts}, ${entry} }`).join('\n')}
expect: [{ metric: lost_writes, is: "== 0" }]
`)
}

/** @throws with the problems, where there are any that stop it */
export function onlyOf({ plan, problems }: ParsedPlan): ScheduledFault {
  if (!plan) throw new Error(JSON.stringify(problems))
  return expand(plan, 42).schedule[0]!
}
