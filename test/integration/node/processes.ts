/** Real node processes for tests, linked directly: started in process groups of their own, ended by pid. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, Agent, type IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harm } from '@shared/run/harm'
import { NODE_CONFIG_ENV, type NodeCommand, type NodeConfig, type NodeReport } from '../../../src-main/node/child'

export interface Answer {
  status: number
  body: Record<string, unknown>
  text: string
  headers: IncomingHttpHeaders
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Running {
  child: ChildProcess
  reports: NodeReport[]
  ended: Promise<Ended>
  hasEnded: boolean
}

export interface ClusterOptions {
  test?: NodeConfig['test']
  requestTimeoutMs?: number
  snapshot?: NodeConfig['raft']['snapshot']
  /** the first so many nodes; all when absent */
  voters?: number
  /** the next so many */
  learners?: number
}

export const TOKEN = 'token of the test'

export class NodeProcesses {
  readonly running = new Map<string, Running>()
  private readonly agent = new Agent({ keepAlive: true })
  private readonly configs = new Map<string, NodeConfig>()

  private constructor(
    private readonly entry: string,
    readonly dir: string,
  ) {}

  /** Prepares a cluster without starting it. */
  static async prepare(
    entry: string,
    nodes: number,
    options: ClusterOptions = {},
  ): Promise<NodeProcesses> {
    const { voters = nodes, learners = 0 } = options
    const cluster = new NodeProcesses(entry, await mkdtemp(join(tmpdir(), 'faultline-node-')))
    const ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`)
    const ports = await freePorts(2 * nodes)
    const originNs = process.hrtime.bigint().toString()
    for (const [i, id] of ids.entries()) {
      cluster.configs.set(id, {
        id,
        dir: join(cluster.dir, id),
        token: TOKEN,
        originNs,
        httpPort: ports[2 * i]!,
        peerPort: ports[2 * i + 1]!,
        peers: ids.map((peer, k) => ({ id: peer, port: ports[2 * k + 1]! })).filter((peer) => peer.id !== id),
        voters: ids.slice(0, voters),
        learners: ids.slice(voters, voters + learners),
        raft: {
          heartbeatMs: 50,
          electionTimeoutMs: [150, 300],
          preVote: true,
          checkQuorum: true,
          reads: 'linearizable',
          requestTimeoutMs: options.requestTimeoutMs ?? 2_000,
          snapshot: options.snapshot,
        },
        test: options.test,
      })
    }
    return cluster
  }

  get ids(): string[] {
    return [...this.configs.keys()]
  }

  config(id: string): NodeConfig {
    return this.configs.get(id)!
  }

  /** Starts these nodes (all without a list); a file bound makes the disk refuse what goes beyond it (EFBIG). */
  start(ids = this.ids, fileKibMax: number | 'unlimited' = 'unlimited'): void {
    for (const id of ids) {
      const env = { ...process.env, [NODE_CONFIG_ENV]: JSON.stringify(this.config(id)) }
      const log = openSync(this.logFile(id), 'a')
      const child = spawn('bash', ['-c', `ulimit -f ${fileKibMax}; exec "$0" "$1"`, process.execPath, this.entry], {
        env,
        detached: true,
        stdio: ['ignore', log, 'ignore', 'ipc'],
      })
      closeSync(log)
      const reports: NodeReport[] = []
      child.on('message', (report) => reports.push(report as NodeReport))
      const running: Running = {
        child,
        reports,
        hasEnded: false,
        ended: new Promise((resolve) => {
          child.on('exit', (code, signal) => {
            running.hasEnded = true
            resolve({ code, signal })
          })
        }),
      }
      this.running.set(id, running)
    }
  }

  /** what the node wrote to its standard output, in all its lives */
  logFile(id: string): string {
    return join(this.dir, `${id}.log`)
  }

  node(id: string): Running {
    return this.running.get(id)!
  }

  harm(id: string, fault: string, harm: Harm | null): void {
    this.node(id).child.send({ type: 'harm', order: 1, id: fault, harm } satisfies NodeCommand)
  }

  kill(id: string, signal: NodeJS.Signals): void {
    this.node(id).child.kill(signal)
  }

  /** SIGKILL to all in one go, then waits until they are gone. */
  async killAll(): Promise<void> {
    for (const { child, hasEnded } of this.running.values()) if (!hasEnded) child.kill('SIGKILL')
    await Promise.all([...this.running.values()].map(({ ended }) => ended))
  }

  async close(): Promise<void> {
    await this.killAll()
    this.agent.destroy()
    await rm(this.dir, { recursive: true, force: true })
  }

  request(id: string, method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { httpPort: port } = this.config(id)
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: this.agent, timeout: 10_000 }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { headers } = response
          const body = headers['content-type'] === 'application/json' ? (JSON.parse(text) as Record<string, unknown>) : {}
          resolve({ status: response.statusCode!, body, text, headers })
        })
      })
      request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer within 10 s`)))
      request.on('error', reject)
      request.end(body)
    })
  }

  /** It has replayed its log. */
  serves(id: string): Promise<void> {
    return until(`${id} serves`, async () => (await this.request(id, 'GET', '/healthz').catch(() => null))?.status === 200)
  }

  /** @returns the node that all live ones name as leader, once it serves */
  async leader(among = this.ids): Promise<string> {
    let agreed: string | null = null
    await until(`a leader that ${among.join(', ')} agree on`, async () => {
      const seen = await Promise.all(among.map((id) => this.request(id, 'GET', '/status').catch(() => null)))
      const [first] = seen
      if (!first || !seen.every((answer) => answer?.status === 200 && answer.body.leader === first.body.leader)) return false
      agreed = first.body.leader as string | null
      if (agreed === null || !among.includes(agreed)) return false
      return (await this.request(agreed, 'GET', '/kv/probe')).status === 404
    })
    return agreed!
  }
}

export async function until(what: string, condition: () => boolean | Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** below the ephemeral range, where no outgoing connection can take one between the look and the use */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 12_000 + Math.floor(Math.random() * 20_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) ports.add(port)
  }
  return [...ports]
}
