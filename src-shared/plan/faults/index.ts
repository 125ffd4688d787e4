/** The one list of faults. To add one: its file and its line here, and in the lab how it is observed. */
import { addNode } from './add-node'
import { bandwidth } from './bandwidth'
import { clockDrift, clockStep, timerRate } from './clock'
import { crash } from './crash'
import { crashLoop } from './crash-loop'
import type { Fault } from './fault'
import { flapping } from './flapping'
import { forceMembers } from './force-members'
import { duplicate, loss, reorder } from './frames'
import { jitterSpike } from './jitter-spike'
import { latency } from './latency'
import { limit } from './limit'
import { partition } from './partition'
import { pause } from './pause'
import { removeNode } from './remove-node'
import { replaceNode } from './replace-node'
import { reset } from './reset'
import { cpu, loopStall, memory } from './resource'
import { restart } from './restart'
import { rollingRestart } from './rolling-restart'
import { slicing } from './slicing'
import { slowClose } from './slow-close'
import { slowStart } from './slow-start'
import { snapshot } from './snapshot'
import { bitFlip, diskError, diskFull, diskHang, fsyncSlow, tornWrite } from './storage'
import { hotKey, largeValues, pool, ramp, spike } from './traffic'
import { transfer } from './transfer'

export const faultKinds: readonly Fault[] = [
  crash,
  restart,
  crashLoop,
  rollingRestart,
  slowStart,
  pause,
  latency,
  jitterSpike,
  bandwidth,
  partition,
  flapping,
  reset,
  slowClose,
  slicing,
  limit,
  loss,
  duplicate,
  reorder,
  fsyncSlow,
  diskFull,
  diskError,
  diskHang,
  tornWrite,
  bitFlip,
  clockStep,
  clockDrift,
  timerRate,
  cpu,
  loopStall,
  memory,
  spike,
  ramp,
  hotKey,
  largeValues,
  pool,
  transfer,
  snapshot,
  addNode,
  removeNode,
  replaceNode,
  forceMembers,
]

export function faultOf(kind: string): Fault {
  const fault = faultKinds.find((candidate) => candidate.kind === kind)
  if (!fault) throw new Error(`fault ${kind} is missing in the list of faults`)
  return fault
}
