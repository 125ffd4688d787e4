/**
 * The client policy: how one operation is carried out against the cluster. The generator knows only `execute`; another
 * policy (retry, breaker, hedging) takes this one's place or wraps it. This one follows a 421 that names a leader and
 * retries nothing else.
 */
import { Agent } from 'node:http'
import type { LoadSettings } from '@shared/plan/plan'
import type { OperationKind } from '@shared/run/operation'
import { attempt, type Attempt, type AttemptLimits, type Exchange } from './attempt'
import { createLeaderBelief } from './leader'
import { namedLeader, verdictOf, type Verdict } from './outcome'
import { Pool } from './pool'

export interface ClientRequest {
  op: OperationKind
  key: string
  /** put, cas, append */
  value: string | null
  /** cas */
  expect: string | null
  /** the client's id and, for a write, its number among this client's writes (exactly once) */
  client: string
  seq: number
}

/** Moments are ns on the client's clock. */
export interface Settled extends Verdict {
  begunNs: number
  startNs: number
  /** answer read, connection lost, or the deadline */
  settledNs: number
  /** node of the last answer */
  node: string | null
  attempts: number
}

export interface Client {
  /** Settles by its deadline at the latest: start + connectTimeout + readTimeout. Never rejects. */
  execute(request: ClientRequest): Promise<Settled>
  /** of all nodes' pools: requests that wait, that had to wait until now, and the most connections to one node since asked last */
  connections(): { waiting: number; waited: number; inUseMax: number }
  /** connections to each node at most; null = no bound */
  limit(pool: number | null): void
  close(): void
}

export type ClientNode = { id: string; port: number }

const HOPS_MAX = 3

/** @param now ns, monotonic */
export function createClient(nodes: readonly ClientNode[], settings: LoadSettings['client'], now: () => number): Client {
  const { connectTimeoutMs, readTimeoutMs, pool } = settings
  const agent = new Agent({ keepAlive: true })
  const pools = nodes.map(() => new Pool(pool))
  const belief = createLeaderBelief(nodes.map((node) => node.id))

  /** @returns the node to ask next within this operation, or null when it ends here */
  function follow(asked: number, last: Attempt): number | null {
    if (last.kind === 'answer' && last.status !== 421) return null
    const named = last.kind === 'answer' ? namedLeader(last.body) : null
    if (named) return belief.named(asked, named.leader, named.term)
    belief.gaveUp(asked)
    return null
  }

  /** A wait for a connection is part of connecting: past connectTimeout nothing was sent. */
  async function exchangeWith(asked: number, exchange: Exchange, limits: AttemptLimits): Promise<Attempt> {
    const begunNs = now()
    const limitNs = Math.min(begunNs + limits.connectTimeoutMs * 1e6, limits.deadlineNs ?? Infinity)
    const pool = pools[asked]!
    const isFree = pool.takeFree()
    if (!isFree && !(await pool.take(Math.max(0, (limitNs - begunNs) / 1e6)))) {
      return { kind: 'lost', isSent: false, isTimedOut: true, error: 'no connection in the pool', begunNs, startNs: begunNs, endNs: limitNs }
    }
    try {
      const made = await attempt(agent, nodes[asked]!.port, exchange, limits, now)
      // waiting for the pool is the service's doing and not the generator's: it was handed over before
      return isFree ? made : { ...made, begunNs }
    } finally {
      pool.release()
    }
  }

  async function execute(request: ClientRequest): Promise<Settled> {
    const exchange = exchangeOf(request)
    let asked = belief.current()
    let last = await exchangeWith(asked, exchange, { connectTimeoutMs, readTimeoutMs, deadlineNs: null })
    const { begunNs, startNs } = last
    const deadlineNs = startNs + (connectTimeoutMs + readTimeoutMs) * 1e6
    let node = last.kind === 'answer' ? nodes[asked]!.id : null
    let attempts = 1
    for (;;) {
      const next = follow(asked, last)
      if (next === null || attempts > HOPS_MAX || now() >= deadlineNs) break
      asked = next
      last = await exchangeWith(asked, exchange, { connectTimeoutMs, readTimeoutMs, deadlineNs })
      attempts++
      if (last.kind === 'answer') node = nodes[asked]!.id
    }
    return { ...verdictOf(request.op, last), begunNs, startNs, settledNs: last.endNs, node, attempts }
  }

  return {
    execute,
    connections: () => ({
      waiting: pools.reduce((sum, { waiting }) => sum + waiting, 0),
      waited: pools.reduce((sum, { waited }) => sum + waited, 0),
      inUseMax: Math.max(...pools.map((one) => one.takeInUseMax())),
    }),
    limit: (size) => pools.forEach((one) => one.resize(size)),
    close: () => agent.destroy(),
  }
}

function exchangeOf({ op, key, value, expect, client, seq }: ClientRequest): Exchange {
  const path = `/kv/${encodeURIComponent(key)}`
  if (op === 'get') return { method: 'GET', path, headers: {}, body: null }
  const session = { 'Faultline-Client': client, 'Faultline-Seq': seq }
  if (op === 'delete') return { method: 'DELETE', path, headers: session, body: null }
  const isCas = op === 'cas'
  const body = isCas ? JSON.stringify({ expect, value }) : (value ?? '')
  const headers = {
    ...session,
    'Content-Type': isCas ? 'application/json' : 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  }
  return { method: op === 'put' ? 'PUT' : 'POST', path: op === 'put' ? path : `${path}/${op}`, headers, body }
}
