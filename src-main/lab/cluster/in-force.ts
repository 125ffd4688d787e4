/** What was asked of every proxy and not undone yet: a Toxiproxy that is started anew is told all of it again. */
import type { Call } from '@shared/plan/schedule'

interface ToxicBody {
  name: string
  toxicity?: number
  attributes?: Record<string, unknown>
}

export class InForce {
  /** by proxy and name, in order of their addition: stacked toxics act in it */
  private readonly toxics = new Map<string, { path: string; body: ToxicBody }>()
  private readonly disabled = new Set<string>()

  /** Takes in a call, also one that got no answer: the new Toxiproxy is told what was wanted of the old one. */
  note({ method, path, body }: Call): void {
    const { proxy, toxic } = placeOf(path)
    switch (method) {
      case 'POST':
        this.toxics.set(keyOf(proxy, (body as ToxicBody).name), { path, body: body as ToxicBody })
        return
      case 'DELETE':
        this.toxics.delete(keyOf(proxy, toxic))
        return
      case 'PATCH':
        if (toxic === '') this.open(proxy, (body as { enabled?: boolean }).enabled)
        else this.change(keyOf(proxy, toxic), body as Partial<ToxicBody>)
        return
      default: // reading changes nothing, and the other calls are not Toxiproxy's
    }
  }

  /** In the order to perform them. */
  calls(): Call[] {
    return [
      ...[...this.toxics.values()].map(({ path, body }) => ({ method: 'POST' as const, path, body })),
      ...[...this.disabled].map((proxy) => ({ method: 'PATCH' as const, path: `/proxies/${proxy}`, body: { enabled: false } })),
    ]
  }

  private open(proxy: string, enabled: boolean | undefined): void {
    if (enabled === false) this.disabled.add(proxy)
    if (enabled === true) this.disabled.delete(proxy)
  }

  private change(key: string, { attributes, toxicity }: Partial<ToxicBody>): void {
    const toxic = this.toxics.get(key)
    if (!toxic) return
    toxic.body = {
      ...toxic.body,
      ...(toxicity === undefined ? {} : { toxicity }),
      ...(attributes === undefined ? {} : { attributes: { ...toxic.body.attributes, ...attributes } }),
    }
  }
}

/** `/proxies/<proxy>[/toxics[/<toxic>]]` */
export function placeOf(path: string): { proxy: string; toxic: string } {
  const [, , proxy = '', , toxic = ''] = path.split('/')
  return { proxy, toxic }
}

const keyOf = (proxy: string, toxic: string): string => `${proxy}/${toxic}`
