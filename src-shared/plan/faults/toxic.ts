/**
 * Toxiproxy's calls. On a peer link every toxic is `upstream`: a proxy carries one direction only, and its
 * default stream, `downstream`, carries nothing there. A client path carries both, so it gets two toxics.
 */
import { choice } from '../field'
import type { Call } from '../schedule'
import type { Conflict, FaultCalls, Scene } from './fault'

export type ToxicKind =
  | { type: 'latency'; attributes: { latency: number; jitter: number } }
  | { type: 'bandwidth'; attributes: { rate: number } }
  | { type: 'timeout'; attributes: { timeout: number } }
  | { type: 'reset_peer'; attributes: { timeout: number } }
  | { type: 'slow_close'; attributes: { delay: number } }
  | { type: 'slicer'; attributes: { average_size: number; size_variation: number; delay: number } }
  | { type: 'limit_data'; attributes: { bytes: number } }

export type Path = 'peer' | 'client'

/** Parameter shared by the network faults. */
export const pathParameter = choice<Path>({
  help: 'which links of a node: those between peers, or the one its clients use',
  initial: 'peer',
  options: ['peer', 'client'],
  synonyms: { peers: 'peer', clients: 'client', server: 'peer', node: 'peer' },
})

export type Stream = 'both' | 'up' | 'down'

/** Which way on a client path; a peer link carries one direction only. */
export const streamParameter = choice<Stream>({
  help: 'on a client path: the way of requests (up), of answers (down), or both',
  initial: 'both',
  options: ['both', 'up', 'down'],
  synonyms: { upstream: 'up', downstream: 'down', request: 'up', requests: 'up', response: 'down', answers: 'down', all: 'both' },
})

export function streamConflict({ path, stream }: { path: Path; stream: Stream }): Conflict | null {
  if (path === 'client' || stream === 'both') return null
  return { parameter: 'stream', message: 'a peer link carries one direction only: stream goes with path: client', suggestion: 'both' }
}

/** What a fault with that parameter touches. */
export const touchesPath = ({ path }: { path: Path }): 'links' | 'clients' => (path === 'client' ? 'clients' : 'links')

/** Toxics of the plan's standing network have this name; no fault may. */
export const BASE_TOXIC = 'base'

/** Names of the toxics that a fault puts on client paths. */
export const clientToxics = (id: string): { up: string; down: string } => ({ up: `${id}-up`, down: `${id}-down` })

export const peerProxy = (link: { from: string; to: string }): string => `${link.from}-${link.to}`
export const clientProxy = (clientGroup: string, node: string): string => `${clientGroup}-${node}`

/** One toxic on each peer link, one each way on a client path; removed in reverse order, as stacked toxics have to be. */
export function toxics(scene: Pick<Scene, 'id' | 'drawn' | 'clientGroup'>, kind: ToxicKind, stream: Stream = 'both'): FaultCalls {
  const { id, drawn, clientGroup } = scene
  const { up, down } = clientToxics(id)
  const added = [
    ...drawn.links.map((link) => addition(peerProxy(link), id, 'upstream', kind)),
    ...drawn.clients.flatMap((node) => [
      ...(stream === 'down' ? [] : [addition(clientProxy(clientGroup, node), up, 'upstream', kind)]),
      ...(stream === 'up' ? [] : [addition(clientProxy(clientGroup, node), down, 'downstream', kind)]),
    ]),
  ]
  return { calls: added.map((one) => one.call), undo: added.toReversed().map((one) => one.undo) }
}

/** Closes the listeners and connections of the proxies: peers and clients are refused at once. */
export function disabled({ drawn, clientGroup }: Pick<Scene, 'drawn' | 'clientGroup'>): FaultCalls {
  const proxies = [...drawn.links.map(peerProxy), ...drawn.clients.map((node) => clientProxy(clientGroup, node))]
  const patch = (proxy: string, enabled: boolean): Call => ({ method: 'PATCH', path: `/proxies/${proxy}`, body: { enabled } })
  return { calls: proxies.map((proxy) => patch(proxy, false)), undo: proxies.toReversed().map((proxy) => patch(proxy, true)) }
}

export function addition(proxy: string, name: string, stream: 'upstream' | 'downstream', kind: ToxicKind): { call: Call; undo: Call } {
  return {
    call: {
      method: 'POST',
      path: `/proxies/${proxy}/toxics`,
      body: { name, type: kind.type, stream, toxicity: 1, attributes: kind.attributes },
    },
    undo: { method: 'DELETE', path: `/proxies/${proxy}/toxics/${name}`, body: null },
  }
}
