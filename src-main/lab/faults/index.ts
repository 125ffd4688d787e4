/** One list names how every fault is observed; to add a fault, add its file and its line here. */
import type { FaultKind } from '@shared/plan/plan'
import { crash } from './crash'
import type { FaultObserver } from './fault'
import { latency } from './latency'
import { partition } from './partition'
import { pause } from './pause'

export const observers: Record<FaultKind, FaultObserver> = { crash, pause, latency, partition }
