import { resolve } from 'node:path'
import { groupNames } from '@shared/plan/loads'
import { baseToxics } from '@shared/plan/standing'
import { parsePlan } from '@shared/plan/parse'
import type { Plan } from '@shared/plan/plan'
import { numberedNodes } from '@shared/plan/sections/nodes'
import { UpSession } from '../../lab/conduct/up'
import { EXIT, LabFailure } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { sweepAll } from '../../janitor/sweep'
import { onInterrupt } from '../interrupt'
import { readPlan } from '../plan-file'
import type { Verb } from '../verb'

const MOST_NODES = 9

export const up: Verb = {
  name: 'up',
  usage: '[--nodes N] [--plan FILE] [--direct] [--keep DIR]',
  summary: 'a cluster without an experiment; prints one line of JSON when it is ready, until it is interrupted',
  example: 'faultline up --nodes 3',
  options: { nodes: { type: 'string' }, plan: { type: 'string' }, direct: { type: 'boolean' }, keep: { type: 'string' } },
  words: [0, 0],
  help: [
    '  --nodes N     how many nodes (default 5)',
    '  --plan FILE   take `cluster` from this plan; --nodes N puts N voters, all alike, in place of its nodes',
    '  --direct      without Toxiproxy',
    '  --keep DIR    keep the nodes\' data in DIR',
  ].join('\n'),
  async run({ values }) {
    const plan = typeof values.plan === 'string' ? readPlan(values.plan).plan : defaultPlan()
    const nodes = values.nodes === undefined ? plan.cluster.nodes : numberedNodes(nodeCount(values.nodes))
    const data = dataFolder()
    await sweepAll(data.root)
    const session = new UpSession(data, {
      nodes,
      raft: plan.cluster.raft,
      baseToxics: values.direct === true ? [] : baseToxics({ ...plan, cluster: { ...plan.cluster, nodes } }),
      groups: groupNames(plan),
      direct: values.direct === true,
    }, typeof values.keep === 'string' ? resolve(values.keep) : null)
    const stopped = new Promise<void>((resolve) => onInterrupt(() => {
      session.abort()
      resolve()
    }))
    try {
      const line = await session.start()
      if (line) {
        process.stdout.write(`${JSON.stringify(line)}\n`)
        await Promise.race([stopped, session.broken])
      }
    } finally {
      const left = await session.stop()
      for (const { what, detail } of left) process.stderr.write(`faultline: ${what}: ${detail ?? 'failed'}\n`)
    }
    if (session.failure) throw new LabFailure('missing', session.failure)
    return EXIT.held
  },
}

function nodeCount(value: string | boolean): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > MOST_NODES) throw new LabFailure('usage', `--nodes ${String(value)}: an integer from 1 to ${MOST_NODES} is needed`)
  return count
}

/** The plan's defaults, from a plan that says nothing. */
function defaultPlan(): Plan {
  const { plan, problems } = parsePlan('faultline: 1\ntitle: up\n')
  if (!plan) throw new Error(`the empty plan has problems: ${problems.map((problem) => problem.message).join('; ')}`)
  return plan
}
