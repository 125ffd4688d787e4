/**
 * The cluster's Toxiproxy: started with every proxy and the standing toxics, called and watched while it runs, ended
 * after the nodes. Adding or removing a toxic can make it wait for ever on a link whose receiver reads nothing
 * (github.com/Shopify/toxiproxy/issues/558). One that hangs, or ends, is replaced on the same ports and told everything
 * again; links were cut meanwhile, so whoever measures has to hear of it.
 */
import type { Call } from '@shared/plan/schedule'
import { messageOf } from '../failure'
import { exited } from '../launch/processes'
import { type RunningToxiproxy, startToxiproxy } from '../launch/toxiproxy'
import { ToxiproxySilent } from '../launch/toxiproxy-api'
import type { Lab } from '../lab'
import { InForce, placeOf } from './in-force'
import type { proxiesOf } from './mesh'

/** One that hangs for good holds up what the plan wants: found within this and the deadline of a call. */
const LOOK_EVERY_MS = 1_000
const STOP_GRACE_MS = 2_000
const MISSES_MAX = 2
/** One that fails again and again is no instrument. */
const RESTARTS_MAX = 5

export interface ProxiesListener {
  /** it was replaced: what was measured meanwhile is not the cluster's doing */
  replaced(what: string): void
  /** links and client paths can't be relied on any more */
  broken(what: string): void
}

export class Proxies {
  running: RunningToxiproxy | null = null
  private apiPort = 0
  private proxies: ReturnType<typeof proxiesOf> = []
  private readonly inForce = new InForce()
  /** the last call on each proxy: its successor waits for it */
  private readonly turns = new Map<string, Promise<void>>()
  private replaced: RunningToxiproxy | null = null
  private healing: Promise<void> = Promise.resolve()
  private restarts = 0
  private stopping = false
  private watch: NodeJS.Timeout | null = null

  constructor(
    private readonly lab: Pick<Lab, 'token' | 'logFile' | 'processStarted' | 'processEnded'>,
    private readonly listener: ProxiesListener,
  ) {}

  async start(apiPort: number, proxies: ReturnType<typeof proxiesOf>, standing: readonly Call[]): Promise<void> {
    this.apiPort = apiPort
    this.proxies = proxies
    for (const call of standing) this.inForce.note(call)
    await this.startOne()
  }

  /** One call after the other on each proxy; acknowledged and read back when it resolves. @throws LabFailure */
  perform(call: Call): Promise<void> {
    return this.inTurn(call, (toxiproxy) => toxiproxy.api.perform(call))
  }

  /** The same for a call that undoes: what is gone already counts as undone. */
  undo(call: Call): Promise<void> {
    return this.inTurn(call, (toxiproxy) => toxiproxy.api.undo(call))
  }

  /** @returns whether it is gone */
  async stop(): Promise<boolean> {
    this.stopping = true
    if (this.watch) clearTimeout(this.watch)
    await this.healing
    const child = this.running?.child
    if (!child) return true
    child.kill('SIGTERM')
    if (await exited(child, STOP_GRACE_MS)) return true
    child.kill('SIGKILL')
    return exited(child, STOP_GRACE_MS)
  }

  private inTurn(call: Call, act: (toxiproxy: RunningToxiproxy) => Promise<void>): Promise<void> {
    const { proxy } = placeOf(call.path)
    const before = this.turns.get(proxy) ?? Promise.resolve()
    const turn = before.then(() => this.act(call, act))
    this.turns.set(proxy, turn.catch(() => undefined)) // told to whoever asked; the next one has its own fate
    return turn
  }

  private async act(call: Call, act: (toxiproxy: RunningToxiproxy) => Promise<void>): Promise<void> {
    await this.healing
    const toxiproxy = this.running!
    this.inForce.note(call)
    try {
      await act(toxiproxy)
    } catch (error) {
      if (!(error instanceof ToxiproxySilent) || this.stopping) throw error
      await this.replace(toxiproxy, `Toxiproxy hung (${error.message})`)
      await this.running!.api.confirm(call)
    }
  }

  private async startOne(): Promise<void> {
    const toxiproxy = await startToxiproxy(this.apiPort, { token: this.lab.token, logFile: this.lab.logFile('toxiproxy') })
    this.running = toxiproxy
    const pid = toxiproxy.child.pid!
    this.lab.processStarted('toxiproxy', pid)
    toxiproxy.child.once('exit', (code, signal) => {
      this.lab.processEnded(pid)
      void this.replace(toxiproxy, `Toxiproxy ended by itself (code ${code}, signal ${signal})`)
    })
    await toxiproxy.api.populate(this.proxies)
    for (const call of this.inForce.calls()) await toxiproxy.api.perform(call)
    this.lookAt(toxiproxy)
  }

  /** Once for each Toxiproxy, whoever notices first. Resolves when another one serves, or nothing more can be done. */
  private replace(old: RunningToxiproxy, why: string): Promise<void> {
    if (this.stopping || this.running !== old || this.replaced === old) return this.healing
    this.replaced = old
    this.healing = this.startAnother(old, why)
    return this.healing
  }

  private async startAnother(old: RunningToxiproxy, why: string): Promise<void> {
    if (this.watch) clearTimeout(this.watch)
    if (++this.restarts > RESTARTS_MAX) return this.listener.broken(`${why}: given up after ${RESTARTS_MAX} restarts`)
    const sinceMs = performance.now()
    old.child.kill('SIGKILL')
    if (!(await exited(old.child, STOP_GRACE_MS))) return this.listener.broken(`${why}, and can't be ended`)
    try {
      await this.startOne()
    } catch (error) {
      return this.listener.broken(`${why}, and could not be started again: ${messageOf(error)}`)
    }
    this.listener.replaced(`${why}: restarted and populated again within ${Math.ceil(performance.now() - sinceMs)} ms; every link was cut meanwhile`)
  }

  /**
   * Asks for what needs the locks of all proxies: `/version` still answers when one of them is never given back. A lock
   * that somebody else holds for some seconds comes back, so it is looked at twice.
   */
  private lookAt(toxiproxy: RunningToxiproxy, misses = 0): void {
    this.watch = setTimeout(async () => {
      const hung = await whyNot(toxiproxy.api.proxies())
      if (this.stopping || this.running !== toxiproxy) return
      const isDeaf = hung !== null && (misses + 1 >= MISSES_MAX || (await whyNot(toxiproxy.api.version())) !== null)
      if (isDeaf) await this.replace(toxiproxy, `Toxiproxy hung (${hung})`)
      else this.lookAt(toxiproxy, hung === null ? 0 : misses + 1)
    }, LOOK_EVERY_MS)
  }
}

/** @returns null when it answered */
function whyNot(answer: Promise<unknown>): Promise<string | null> {
  return answer.then(() => null, messageOf)
}
