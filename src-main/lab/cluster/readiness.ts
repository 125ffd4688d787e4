/** What a cluster lacks before anything may be asked of it. */
import { setTimeout as delay } from 'node:timers/promises'
import { LabFailure } from '../failure'
import { currentLeader, type NodeProcess } from './node-process'

const LOOK_EVERY_MS = 20

/** @returns in words, the first thing that is missing; '' = every node healthy, one leader known to all, each client path answers */
async function whatIsMissing(nodes: readonly NodeProcess[]): Promise<string> {
  const starting = nodes.filter((node) => node.state !== 'running')
  if (starting.length > 0) return starting.map((node) => `${node.id} is ${node.state}`).join(', ')
  const leader = currentLeader(nodes)
  if (!leader) return 'no leader'
  const unsure = nodes.filter((node) => node.leader !== leader.id)
  if (unsure.length > 0) return `${unsure.map((node) => node.id).join(', ')} do not know the leader`
  const silent = await Promise.all(nodes.map(async (node) => ((await answers(node.client)) ? null : node.id)))
  const missing = silent.filter((id) => id !== null)
  return missing.length === 0 ? '' : `client path to ${missing.join(', ')} does not answer`
}

/** @throws LabFailure `missing`, naming what was not there in time */
export async function untilReady(nodes: readonly NodeProcess[], logEnd: (id: string) => string, withinMs: number, aborted: () => boolean): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!aborted()) {
    const missing = await whatIsMissing(nodes)
    if (missing === '') return
    const down = nodes.find((node) => node.state === 'down')
    if (down || Date.now() > deadline) {
      throw new LabFailure('missing', `the cluster is not ready: ${missing}${down ? `; ${down.id}'s log ends: ${logEnd(down.id)}` : ''}`)
    }
    await delay(LOOK_EVERY_MS)
  }
}

/** One request over a client path, as a client would make it. */
async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false // not answering is what was asked about
  }
}
