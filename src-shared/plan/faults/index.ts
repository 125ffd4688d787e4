/** The one list of faults. To add one: its file and its line here, and in the lab how it is observed. */
import { addNode } from './add-node'
import { clockDrift, clockStep, timerRate } from './clock'
import { crash } from './crash'
import { crashLoop } from './crash-loop'
import type { Fault } from './fault'
import { forceMembers } from './force-members'
import { latency } from './latency'
import { partition } from './partition'
import { pause } from './pause'
import { removeNode } from './remove-node'
import { replaceNode } from './replace-node'
import { cpu, loopStall, memory } from './resource'
import { restart } from './restart'
import { rollingRestart } from './rolling-restart'
import { slowStart } from './slow-start'
import { snapshot } from './snapshot'
import { bitFlip, diskError, diskFull, diskHang, fsyncSlow, tornWrite } from './storage'
import { transfer } from './transfer'

export const faultKinds: readonly Fault[] = [
  crash,
  restart,
  crashLoop,
  rollingRestart,
  slowStart,
  pause,
  latency,
  partition,
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
