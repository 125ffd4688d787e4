/** The calls of faults that a node process suffers inside: told to it, and told that it is over. */
import type { Harm } from '../../run/harm'
import type { Call } from '../schedule'
import type { FaultCalls, Scene } from './fault'
import { startOf } from './process'

const told = (id: string, node: string, harm: Harm | null): Call => ({ method: 'NODE', path: node, body: { id, harm } })

/** Made inside the node's process: it goes on living. */
export function harmed({ id, drawn: { nodes } }: Pick<Scene, 'id' | 'drawn'>, harm: Harm): FaultCalls {
  return { calls: nodes.map((node) => told(id, node, harm)), undo: nodes.toReversed().map((node) => told(id, node, null)) }
}

/** The same where the node may die of it: it is started again when the harm is over. */
export function harmedFatally(scene: Pick<Scene, 'id' | 'drawn'>, harm: Harm): FaultCalls {
  const { calls, undo } = harmed(scene, harm)
  return { calls, undo: undo.flatMap((end) => [end, startOf(end.path)]) }
}
