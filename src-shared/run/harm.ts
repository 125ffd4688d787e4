/**
 * What a node process can be told to suffer: faults that only show inside it, at its file layer, its clock, its loop or
 * its frames. Each is in force from the order until it is ended, also across a restart of the process.
 */
import { z } from 'zod'

const positive = z.number().positive()
const share = z.number().min(0).max(1)

export const harm = z.discriminatedUnion('kind', [
  /** each fsync takes this much longer; `growMsPerS`: and so much longer still for each second that it is in force in this process */
  z.object({ kind: z.literal('fsync-slow'), delayMs: z.number().nonnegative(), growMsPerS: z.number().nonnegative() }),
  /** writes fail with ENOSPC */
  z.object({ kind: z.literal('disk-full') }),
  /** writes and fsyncs fail with EIO */
  z.object({ kind: z.literal('disk-error') }),
  /** writes and fsyncs do not come back until it ends */
  z.object({ kind: z.literal('disk-hang') }),
  /** the process kills itself in the middle of its next write: the last record on disk is torn */
  z.object({ kind: z.literal('torn-write') }),
  /** one bit of the log, of a batch that is not the last, is turned over at the next start, and put right at the first start without it */
  z.object({ kind: z.literal('bit-flip'), seed: z.number() }),
  /** the node's wall clock is off by this much */
  z.object({ kind: z.literal('clock-step'), stepMs: z.number() }),
  /** the node's clocks run fast by this much; negative: slow */
  z.object({ kind: z.literal('clock-drift'), ppm: z.number().gt(-1_000_000) }),
  /** the node's timers run at this rate: 2 = timeouts pass in half the time */
  z.object({ kind: z.literal('timer-rate'), factor: positive }),
  /** the event loop stands still for `stallMs`, every `everyMs` */
  z.object({ kind: z.literal('loop-stall'), stallMs: positive, everyMs: positive }),
  /** so much memory is held and touched */
  z.object({ kind: z.literal('memory'), bytes: positive }),
  /** frames to these peers are lost, sent twice or overtaken with these probabilities, drawn from `seed` */
  z.object({ kind: z.literal('frames'), to: z.array(z.string()), loss: share, duplicate: share, reorder: share, seed: z.number() }),
  /** the process waits this long after its start before it serves */
  z.object({ kind: z.literal('slow-start'), delayMs: positive }),
])

export type Harm = z.infer<typeof harm>
export type HarmKind = Harm['kind']
export type HarmOf<K extends HarmKind> = Extract<Harm, { kind: K }>
