/** A cluster without an experiment, for outsiders: it lives until it is stopped, and goes away without a trace. */
import type { ClusterSettings } from '../cluster/cluster'
import { Cluster } from '../cluster/cluster'
import { UpAdmin } from '../cluster/up-admin'
import { Lab } from '../lab'
import { RunClock } from '../launch/clock'
import type { DataFolder } from '../launch/paths'
import { cleanUp, type CleanupItem } from './cleanup'

const READY_WITHIN_MS = 30_000

/** The one line that `up` prints: public. */
export interface UpLine {
  pid: number
  nodes: { id: string; pid: number; http: string; client: string }[]
  toxiproxy: string | null
  admin: string
  token: string
  data: string
}

export class UpSession {
  private readonly lab: Lab
  private readonly cluster: Cluster
  private admin: UpAdmin | null = null
  private aborted = false
  private onBroken: () => void = () => undefined
  /** resolves when the cluster can't go on by itself; `failure` says why */
  readonly broken: Promise<void> = new Promise((resolve) => (this.onBroken = resolve))
  failure: string | null = null

  constructor(data: DataFolder, settings: ClusterSettings, keepDir: string | null) {
    this.lab = new Lab(data, keepDir ? { keepDir } : {})
    this.cluster = new Cluster(this.lab, new RunClock(), settings, {
      event: (event) => {
        if (event.kind === 'note') process.stderr.write(`faultline: ${event.text}\n`)
        if (event.kind === 'instrument') process.stderr.write(`faultline: ${event.what}; toxics that others had added are gone\n`)
      },
      ack: () => undefined,
      sample: () => undefined,
      broken: (what) => {
        this.failure = what
        this.onBroken()
      },
    })
  }

  /** @returns null when it was aborted meanwhile */
  async start(): Promise<UpLine | null> {
    const { cluster, lab } = this
    await cluster.start()
    await cluster.ready(READY_WITHIN_MS, () => this.aborted)
    if (this.aborted) return null
    this.admin = await UpAdmin.listen(cluster, lab.token)
    return {
      pid: process.pid,
      nodes: cluster.nodes.map((node) => ({ id: node.id, pid: node.pid!, http: `http://127.0.0.1:${node.http}`, client: `http://127.0.0.1:${node.client}` })),
      toxiproxy: cluster.toxiproxy?.api.url ?? null,
      admin: this.admin.url,
      token: lab.token,
      data: lab.nodesDir,
    }
  }

  abort(): void {
    this.aborted = true
  }

  /** @returns what could not be cleaned up */
  async stop(): Promise<CleanupItem[]> {
    await this.admin?.close()
    const items = await cleanUp({ lab: this.lab, cluster: this.cluster, generator: null, leases: [], report: () => undefined })
    // outsiders may have left toxics: they go with Toxiproxy, and are no fault of ours
    return items.filter((item) => !item.ok && item.what !== 'no toxic left' && item.what !== 'no process stopped')
  }
}
