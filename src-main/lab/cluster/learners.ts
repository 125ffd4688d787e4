/** Learners start outside the cluster, wait, and are taken in by its leader: one after the other, as any change of members. */
import { messageOf } from '../failure'
import type { NodeProcess } from './node-process'

const ANSWER_WITHIN_MS = 2_000

/**
 * Asks the leader for the first of these that is not in yet. Called again until nothing is left: a leader that is new,
 * busy with the one before, or gone says so and is asked again.
 *
 * @returns what is still missing, or null when all of them are in
 */
export async function takeInLearners(leader: NodeProcess, learners: readonly string[], token: string): Promise<string | null> {
  if (learners.length === 0) return null
  const base = `http://127.0.0.1:${leader.http}`
  try {
    const members = await membersOf(base)
    const next = learners.find((id) => !members.includes(id))
    if (next === undefined) return null
    const answer = await fetch(`${base}/admin/members`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ add: next, learner: true }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const said = await answer.text()
    return `${next} is not taken in as a learner yet (${leader.id} answered ${answer.status}: ${said})`
  } catch (error) {
    return `${leader.id} can't be asked to take in ${learners.join(', ')}: ${messageOf(error)}`
  }
}

/** Those that count as members wherever: also a learner that became a voter before this start. */
async function membersOf(base: string): Promise<string[]> {
  const answer = await fetch(`${base}/status`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  const { voters, learners } = (await answer.json()) as { voters: string[]; learners: string[] }
  return [...voters, ...learners]
}
