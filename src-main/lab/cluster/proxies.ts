/** The cluster's Toxiproxy: started with every proxy and the standing toxics, watched while it runs, ended after the nodes. */
import type { Call } from '@shared/plan/schedule'
import { messageOf } from '../failure'
import { exited } from '../launch/processes'
import { type RunningToxiproxy, startToxiproxy } from '../launch/toxiproxy'
import type { Lab } from '../lab'
import type { proxiesOf } from './mesh'

/** A Toxiproxy that hangs cuts every link at once: found within this and the deadline of a call. */
const LOOK_EVERY_MS = 1_000
const STOP_GRACE_MS = 2_000

export class Proxies {
  running: RunningToxiproxy | null = null
  private stopping = false
  private watch: NodeJS.Timeout | null = null

  constructor(
    private readonly lab: Lab,
    /** links and client paths can't be relied on any more */
    private readonly broken: (what: string) => void,
  ) {}

  async start(apiPort: number, proxies: ReturnType<typeof proxiesOf>, standing: readonly Call[]): Promise<void> {
    const toxiproxy = await startToxiproxy(apiPort, { token: this.lab.token, logFile: this.lab.logFile('toxiproxy') })
    this.running = toxiproxy
    const pid = toxiproxy.child.pid!
    this.lab.processStarted('toxiproxy', pid)
    toxiproxy.child.on('exit', (code, signal) => {
      this.lab.processEnded(pid)
      if (!this.stopping) this.broken(`Toxiproxy ended by itself (code ${code}, signal ${signal})`)
    })
    this.lookAt(toxiproxy)
    await toxiproxy.api.populate(proxies)
    for (const call of standing) await toxiproxy.api.perform(call)
  }

  /** @returns whether it is gone */
  async stop(): Promise<boolean> {
    this.stopping = true
    if (this.watch) clearTimeout(this.watch)
    const child = this.running?.child
    if (!child) return true
    child.kill('SIGTERM')
    if (await exited(child, STOP_GRACE_MS)) return true
    child.kill('SIGKILL')
    return exited(child, STOP_GRACE_MS)
  }

  private lookAt(toxiproxy: RunningToxiproxy): void {
    this.watch = setTimeout(() => {
      toxiproxy.api.version().then(
        () => this.stopping || this.lookAt(toxiproxy),
        (error: unknown) => this.stopping || this.broken(messageOf(error)),
      )
    }, LOOK_EVERY_MS)
  }
}
