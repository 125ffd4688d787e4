/** The end of every run, however it came: everything undone and ended, looked at, counted ("cleanup 8/8"). */
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { isStopped } from '../../janitor/identity'
import type { Cluster } from '../cluster/cluster'
import { messageOf } from '../failure'
import { endTogether } from '../faults/ending'
import type { Lease } from '../faults/lease'
import type { Lab } from '../lab'
import type { Generator } from './generator'

export interface CleanupItem {
  what: string
  ok: boolean
  detail?: string
}

export interface CleanupContext {
  lab: Lab
  cluster: Cluster | null
  generator: Generator | null
  leases: Lease[]
  /** called as each item is settled */
  report(item: CleanupItem): void
}

export async function cleanUp(context: CleanupContext): Promise<CleanupItem[]> {
  const { lab, cluster, generator, leases, report } = context
  const items: CleanupItem[] = []
  const settle = async (what: string, act: () => Promise<string | null>) => {
    let detail: string | null
    try {
      detail = await act()
    } catch (error) {
      detail = messageOf(error)
    }
    const item = detail === null ? { what, ok: true } : { what, ok: false, detail }
    items.push(item)
    report(item)
  }
  const applied = leases.filter((lease) => lease.drawn !== null)
  const undone = await endTogether(applied)

  const toxics = cluster ? await toxicsLeft(cluster) : { reachable: true, left: null }
  if (cluster) {
    if (toxics.reachable) await settle('no toxic left', async () => toxics.left)
    await settle('no process stopped', async () => {
      const stopped = cluster.nodes.filter(({ pid }) => pid !== null && isStopped(pid)).map(({ id }) => id)
      return stopped.length === 0 ? null : `${stopped.join(', ')} still stopped`
    })
  }
  if (generator) await settle('generator ended', async () => ((await generator.end()) ? null : `pid ${generator.pid} is still there`))
  if (cluster) {
    await settle(`${cluster.nodes.length} nodes ended`, async () => {
      const left = await cluster.stop()
      return left.length === 0 ? null : `${left.join(', ')} still there`
    })
    const ended = await cluster.stopProxies()
    await settle('Toxiproxy ended', async () => (ended ? null : 'it is still there'))
    if (!toxics.reachable) await settle('no toxic left', async () => (ended ? null : toxics.left)) // they live in it alone
    await settle('ports closed', () => portsOpen(cluster))
  }
  const allEnded = items.every((item) => item.ok)
  for (const [index, lease] of applied.entries()) {
    // what can't be undone on a process that is gone is gone with it
    await settle(`${lease.spec.fault} ${lease.spec.id} undone`, async () => (undone[index] || allEnded ? null : 'its undo failed'))
  }
  await settle('lab folder and janitor gone', async () => {
    const janitorGone = await lab.close()
    if (!janitorGone) return 'the janitor is still there'
    return existsSync(lab.dir) ? `${lab.dir} is still there` : null
  })
  return items
}

/** Looks at every proxy. A Toxiproxy that is gone or hangs can't tell: then its end settles the question. */
async function toxicsLeft(cluster: Cluster): Promise<{ reachable: boolean; left: string | null }> {
  const { toxiproxy } = cluster
  if (!toxiproxy || toxiproxy.child.exitCode !== null || toxiproxy.child.signalCode !== null) return { reachable: false, left: null }
  const standing = new Set(cluster.settings.baseToxics.map((call) => call.path.split('/')[2]))
  try {
    const left = (await toxiproxy.api.proxies()).flatMap((proxy) => [
      ...proxy.toxics.filter((toxic) => !(toxic.name === 'base' && standing.has(proxy.name))).map((toxic) => `${proxy.name}: ${toxic.name}`),
      ...(proxy.enabled ? [] : [`${proxy.name}: disabled`]),
    ])
    return { reachable: true, left: left.length === 0 ? null : left.join(', ') }
  } catch (error) {
    return { reachable: false, left: messageOf(error) }
  }
}

async function portsOpen(cluster: Cluster): Promise<string | null> {
  const open = await Promise.all(cluster.ports().map(async (port) => ((await isServed(port)) ? port : null)))
  const left = open.filter((port) => port !== null)
  return left.length === 0 ? null : `still listening: ${left.join(', ')}`
}

function isServed(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      settle(true)
    })
    socket.once('error', () => settle(false))
  })
}
