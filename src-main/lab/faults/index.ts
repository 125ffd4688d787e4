/** One list names how every fault is observed; to add a fault, add its file and its line here. */
import { hotKey, largeValues, pool, ramp, spike } from './asking'
import { bandwidth } from './bandwidth'
import { clockDrift, clockStep, timerRate } from './clock'
import { crash } from './crash'
import { crashLoop } from './crash-loop'
import type { FaultObserver } from './fault'
import { flapping } from './flapping'
import { duplicate, loss, reorder } from './frames'
import { jitterSpike } from './jitter-spike'
import { latency } from './latency'
import { limit } from './limit'
import { addNode, forceMembers, removeNode, replaceNode, snapshot, transfer } from './operator'
import { partition } from './partition'
import { pause } from './pause'
import { reset } from './reset'
import { cpu, loopStall, memory } from './resource'
import { restart } from './restart'
import { rollingRestart } from './rolling-restart'
import { slicing } from './slicing'
import { slowClose } from './slow-close'
import { slowStart } from './slow-start'
import { bitFlip, diskError, diskFull, diskHang, fsyncSlow, tornWrite } from './storage'

const observers: Readonly<Record<string, FaultObserver>> = {
  crash,
  restart,
  'crash-loop': crashLoop,
  'rolling-restart': rollingRestart,
  'slow-start': slowStart,
  pause,
  latency,
  'jitter-spike': jitterSpike,
  bandwidth,
  partition,
  flapping,
  reset,
  'slow-close': slowClose,
  slicing,
  limit,
  loss,
  duplicate,
  reorder,
  'fsync-slow': fsyncSlow,
  'disk-full': diskFull,
  'disk-error': diskError,
  'disk-hang': diskHang,
  'torn-write': tornWrite,
  'bit-flip': bitFlip,
  'clock-step': clockStep,
  'clock-drift': clockDrift,
  'timer-rate': timerRate,
  cpu,
  'loop-stall': loopStall,
  memory,
  spike,
  ramp,
  'hot-key': hotKey,
  'large-values': largeValues,
  pool,
  transfer,
  snapshot,
  'add-node': addNode,
  'remove-node': removeNode,
  'replace-node': replaceNode,
  'force-members': forceMembers,
}

export const observedKinds: readonly string[] = Object.keys(observers)

export function observerOf(kind: string): FaultObserver {
  const found = observers[kind]
  if (!found) throw new Error(`fault ${kind} is missing in the list of observers`)
  return found
}
