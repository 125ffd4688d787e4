/** How a history with a known verdict is written down. */
import type { Operation } from '@shared/run/operation'

export interface KnownHistory {
  /** a sentence: what is allowed, or what went wrong */
  claim: string
  verdict: 'ok' | 'violated'
  history: Operation[]
  /** where the idea comes from, if it is known by a name */
  from?: string
}

export const legal = (claim: string, history: Operation[], from?: string): KnownHistory => ({
  claim,
  verdict: 'ok',
  history,
  ...(from !== undefined && { from }),
})

export const illegal = (claim: string, history: Operation[], from?: string): KnownHistory => ({
  ...legal(claim, history, from),
  verdict: 'violated',
})

/** The operation, asked by another client: one client's operations come one after the other. */
export const by = (client: string, operation: Operation): Operation => ({ ...operation, client })
/** The operation, on another key than `k`. */
export const on = (key: string, operation: Operation): Operation => ({ ...operation, key })
