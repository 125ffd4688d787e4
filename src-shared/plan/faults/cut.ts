/**
 * How a link is made to carry nothing, in one of three ways that peers experience differently: stall (bytes wait and arrive
 * after the heal), drop (bytes vanish, the connection dies at the heal), refuse (connections are refused at once).
 */
import type { FaultCalls, Scene } from './fault'
import { disabled, toxics } from './toxic'

export type CutMode = 'stall' | 'drop' | 'refuse'

export function cut(mode: CutMode, scene: Pick<Scene, 'id' | 'drawn' | 'clientGroup'>): FaultCalls {
  switch (mode) {
    case 'stall':
      return toxics(scene, { type: 'bandwidth', attributes: { rate: 0 } })
    case 'drop':
      return toxics(scene, { type: 'timeout', attributes: { timeout: 0 } })
    case 'refuse':
      return disabled(scene)
  }
}
