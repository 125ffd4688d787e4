/** How a client group can be told to ask otherwise: the faults of the traffic. Each is in force from the order until it is ended. */
import { z } from 'zod'

const share = z.number().min(0).max(1)
const positive = z.number().positive()

export const loadChange = z.discriminatedUnion('kind', [
  /** requests per second, from now on */
  z.object({ kind: z.literal('rate'), ratePerS: positive }),
  /** from the plan's rate, linear in time, to this one; it stays there */
  z.object({ kind: z.literal('ramp'), toPerS: positive, overMs: positive }),
  /** the group's first key gets this share of the requests, or what it has by chance where that is more */
  z.object({ kind: z.literal('hot-key'), share }),
  z.object({ kind: z.literal('value-size'), sizeBytes: positive }),
  /** connections to each node, at most */
  z.object({ kind: z.literal('pool'), size: positive }),
])

export type LoadChange = z.infer<typeof loadChange>
