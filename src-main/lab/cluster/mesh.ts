/** The mesh: which proxy stands on which directed link. One link, one proxy, one connection, dialled by the sender. */

export interface NodePorts {
  id: string
  http: number
  peer: number
}

export interface Mesh {
  nodes: NodePorts[]
  /** key `n1-n2`: n1's dial to n2; key `client-n1`: the way of the client group `client` to n1. Empty without proxies */
  proxyPorts: Map<string, number>
  direct: boolean
}

export function linkName(from: string, to: string): string {
  return `${from}-${to}`
}

/** Ports a mesh of `n` nodes and so many client groups needs: HTTP and peer listener each, then the proxies. */
export function portsNeeded(n: number, groups: number, direct: boolean): number {
  return 2 * n + (direct ? 0 : n * (n - 1) + groups * n)
}

export function planMesh(ids: string[], ports: number[], groups: readonly string[], direct: boolean): Mesh {
  const pool = [...ports]
  const take = () => {
    const port = pool.shift()
    if (port === undefined) throw new Error(`mesh of ${ids.length} nodes: ${ports.length} ports are too few`)
    return port
  }
  const nodes = ids.map((id) => ({ id, http: take(), peer: take() }))
  const proxyPorts = new Map<string, number>()
  if (!direct) {
    for (const from of ids) for (const to of ids) if (from !== to) proxyPorts.set(linkName(from, to), take())
    for (const group of groups) for (const id of ids) proxyPorts.set(linkName(group, id), take())
  }
  return { nodes, proxyPorts, direct }
}

/** Toxiproxy's view of the mesh, for `populate`. */
export function proxiesOf(mesh: Mesh, groups: readonly string[]): { name: string; listen: string; upstream: string }[] {
  const listen = (name: string) => `127.0.0.1:${mesh.proxyPorts.get(name)!}`
  if (mesh.direct) return []
  return [
    ...mesh.nodes.flatMap((from) =>
      mesh.nodes
        .filter((to) => to.id !== from.id)
        .map((to) => ({ name: linkName(from.id, to.id), listen: listen(linkName(from.id, to.id)), upstream: `127.0.0.1:${to.peer}` })),
    ),
    ...groups.flatMap((group) =>
      mesh.nodes.map((node) => ({ name: linkName(group, node.id), listen: listen(linkName(group, node.id)), upstream: `127.0.0.1:${node.http}` })),
    ),
  ]
}

/** Where `from` dials `to`. */
export function dialPort(mesh: Mesh, from: string, to: NodePorts): number {
  return mesh.direct ? to.peer : mesh.proxyPorts.get(linkName(from, to.id))!
}

/** Where a client reaches a node. */
export function clientPort(mesh: Mesh, group: string, node: NodePorts): number {
  return mesh.direct ? node.http : mesh.proxyPorts.get(linkName(group, node.id))!
}
