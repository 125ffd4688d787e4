/** The one list of faults. To add one: its file and its line here, and in the lab how it is observed. */
import { crash } from './crash'
import { crashLoop } from './crash-loop'
import type { Fault } from './fault'
import { latency } from './latency'
import { partition } from './partition'
import { pause } from './pause'
import { restart } from './restart'
import { rollingRestart } from './rolling-restart'
import { slowStart } from './slow-start'

export const faultKinds: readonly Fault[] = [
  crash,
  restart,
  crashLoop,
  rollingRestart,
  slowStart,
  pause,
  latency,
  partition,
]

export function faultOf(kind: string): Fault {
  const fault = faultKinds.find((candidate) => candidate.kind === kind)
  if (!fault) throw new Error(`fault ${kind} is missing in the list of faults`)
  return fault
}
