/**
 * Toxiproxy's HTTP API through toxiproxy-node-client, with what the client lacks: a deadline on every call, errors that
 * say method, path, status and body, PATCH, and reading toxics back (the client throws them away).
 */
import { Toxiproxy } from 'toxiproxy-node-client'
import type { Call } from '@shared/plan/schedule'
import { LabFailure, messageOf } from '../failure'

const DEADLINE_MS = 2_000

/** It does not answer: it is gone, stopped, or waits for ever on one of its own locks. */
export class ToxiproxySilent extends LabFailure {
  constructor(message: string) {
    super('instrument', message)
  }
}

/** It answered that it won't. */
class ToxiproxyRefusal extends LabFailure {
  constructor(message: string, readonly status: number) {
    super('instrument', message)
  }
}

export interface ToxicState {
  name: string
  type: string
  stream: string
  toxicity: number
  attributes: Record<string, number>
}

export interface ProxyState {
  name: string
  listen: string
  upstream: string
  enabled: boolean
  toxics: ToxicState[]
}

/** The part of the client's HTTP layer that its classes use; ours takes its place. */
class DeadlineHttp {
  constructor(private readonly origin: string) {}

  async get<T>(url: string): Promise<{ data: T }> {
    return { data: (await this.json('GET', url)) as T }
  }

  async post<T>(url: string, body?: unknown): Promise<{ data: T }> {
    return { data: (await this.json('POST', url, body)) as T }
  }

  async delete(url: string): Promise<void> {
    await this.text('DELETE', url)
  }

  getText(url: string): Promise<string> {
    return this.text('GET', url)
  }

  async json(method: string, url: string, body?: unknown): Promise<unknown> {
    const text = await this.text(method, url, body)
    return text === '' ? undefined : JSON.parse(text)
  }

  private async text(method: string, url: string, body?: unknown): Promise<string> {
    const what = `toxiproxy: ${method} ${url.replace(this.origin, '')}`
    let response: Response
    let text: string
    try {
      response = await fetch(url, {
        method,
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: { 'content-type': 'application/json', 'user-agent': 'faultline' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      text = await response.text()
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') throw new ToxiproxySilent(`${what} took longer than ${DEADLINE_MS / 1000} s`)
      const cause = (error as Error).cause
      throw new ToxiproxySilent(`${what} failed: ${cause ? messageOf(cause) : messageOf(error)}`)
    }
    if (!response.ok) throw new ToxiproxyRefusal(`${what} answered ${response.status}: ${text.trim()}`, response.status)
    return text
  }
}

export class ToxiproxyApi {
  private readonly client: Toxiproxy
  private readonly http: DeadlineHttp

  constructor(readonly url: string) {
    this.client = new Toxiproxy(url)
    this.http = new DeadlineHttp(url)
    this.client.api = this.http as unknown as Toxiproxy['api']
  }

  async version(): Promise<string> {
    const answer = (await this.http.json('GET', `${this.url}/version`)) as { version?: string }
    return String(answer.version)
  }

  async populate(proxies: { name: string; listen: string; upstream: string }[]): Promise<void> {
    await this.client.populate(proxies.map((proxy) => ({ ...proxy, enabled: true })))
  }

  async proxies(): Promise<ProxyState[]> {
    const answer = (await this.http.json('GET', `${this.url}/proxies`)) as Record<string, ProxyState>
    return Object.values(answer)
  }

  async proxy(name: string): Promise<ProxyState> {
    return (await this.http.json('GET', `${this.url}/proxies/${encodeURIComponent(name)}`)) as ProxyState
  }

  /** Performs one scheduled call as it stands, then reads back that it holds. */
  async perform(call: Call): Promise<void> {
    if (call.method === 'DELETE') await this.http.delete(this.url + call.path)
    else await this.http.json(call.method, this.url + call.path, call.body)
    await this.confirm(call)
  }

  /** The same for a call that undoes: what is not there any more needs no removal. */
  async undo(call: Call): Promise<void> {
    try {
      await this.perform(call)
    } catch (error) {
      const isGone = call.method === 'DELETE' && error instanceof ToxiproxyRefusal && error.status === 404
      if (!isGone) throw error
    }
  }

  /** @throws LabFailure when the proxy does not read back as the call left it */
  async confirm(call: Call): Promise<void> {
    const [, , name, , toxicName] = call.path.split('/')
    const proxy = await this.proxy(name!)
    const wanted = (call.body ?? {}) as Partial<ToxicState> & { enabled?: boolean }
    if (wanted.enabled !== undefined) {
      if (proxy.enabled !== wanted.enabled) throw readBack(call, `enabled: ${proxy.enabled}`)
      return
    }
    const found = proxy.toxics.find((toxic) => toxic.name === (toxicName ?? wanted.name))
    if (call.method === 'DELETE') {
      if (found) throw readBack(call, 'the toxic is still there')
      return
    }
    const holds =
      found !== undefined &&
      found.type === wanted.type &&
      found.stream === wanted.stream &&
      Object.entries(wanted.attributes ?? {}).every(([key, value]) => found.attributes[key] === value)
    if (!holds) throw readBack(call, JSON.stringify(found ?? null))
  }
}

function readBack(call: Call, seen: string): LabFailure {
  return new LabFailure('instrument', `toxiproxy: ${call.method} ${call.path} was accepted, but reads back as ${seen}`)
}
