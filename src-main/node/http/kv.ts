/** /kv/{key}: the key-value face. Every answer says whether the write had an effect, or that nobody can tell. */
import type { ReadAnswer, Refused, WriteAnswer } from '../answers'
import type { Op, Outcome } from '../metrics'
import { encodeCommand, type CommandOp } from '../state/command'
import { VALUE_BYTES_MAX } from '../state/machine'
import { sendError, sendJson, sendMethodNotAllowed } from './answer'
import { BODY_BYTES_MAX, readBody, type Body } from './body'
import { parseCas, parseKey, parseSession, valueProblem, type SessionHeaders } from './key'
import type { Exchange, Route } from './route'

const PREFIX = '/kv/'
const TOO_LARGE = `a value has at most ${VALUE_BYTES_MAX} bytes`

export const kv: Route = {
  prefix: PREFIX,
  handle(exchange) {
    const [encodedKey, action, ...more] = exchange.path.slice(PREFIX.length).split('/')
    if (more.length > 0 || (action !== undefined && action !== 'append' && action !== 'cas')) {
      return sendError(exchange.response, 404, `unknown path ${exchange.path}; a slash in a key is written %2F`)
    }
    const op = operation(exchange.method, action)
    if (op === null) return sendMethodNotAllowed(exchange.response, action === undefined ? ['GET', 'PUT', 'DELETE'] : ['POST'])
    const reply = new Reply(exchange, op)
    const parsed = parseKey(encodedKey ?? '')
    if ('problem' in parsed) return reply.error(400, parsed.problem)
    if (op === 'get') read(exchange, reply, parsed.key)
    else write(exchange, reply, op, parsed.key)
  },
}

function operation(method: string, action: string | undefined): Op | null {
  if (action !== undefined) return method === 'POST' ? (action as 'append' | 'cas') : null
  if (method === 'GET') return 'get'
  if (method === 'PUT') return 'put'
  return method === 'DELETE' ? 'delete' : null
}

function read(exchange: Exchange, reply: Reply, key: string): void {
  const { node, query } = exchange
  const consistency = query === '' ? node.defaultReads : (new URLSearchParams(query).get('consistency') ?? node.defaultReads)
  if (consistency !== 'linearizable' && consistency !== 'lease' && consistency !== 'local') {
    return reply.error(400, 'consistency is linearizable, lease or local')
  }
  if (node.phase() !== 'serving') return reply.error(503, `the node is ${node.phase()}`)
  if (consistency === 'local') reply.read(node.readLocal(key))
  else node.read(key, consistency, (answer) => reply.read(answer))
}

function write(exchange: Exchange, reply: Reply, op: CommandOp, key: string): void {
  const { node, request } = exchange
  const headers = parseSession(header(exchange, 'faultline-client'), header(exchange, 'faultline-seq'))
  if ('problem' in headers) return reply.error(400, headers.problem)
  readBody(request, op === 'cas' ? BODY_BYTES_MAX : VALUE_BYTES_MAX, (body) => {
    const command = toCommand(op, key, headers, body, reply)
    if (command === null) return
    if (node.phase() !== 'serving') return reply.error(503, `the node is ${node.phase()}`)
    node.write(command, (answer) => reply.write(answer))
  })
}

/** @returns the bytes for the log; null when the request was answered with what is wrong */
function toCommand(op: CommandOp, key: string, { session }: SessionHeaders, body: Body, reply: Reply): Buffer | null {
  const refuse = (status: number, error: string): null => {
    reply.error(status, error)
    return null
  }
  if (body.kind === 'no-room') return refuse(429, 'overloaded: too many bodies at once')
  if (body.kind === 'endless') {
    reply.closeAfterwards()
    return refuse(413, TOO_LARGE)
  }
  if (body.kind === 'too-large') return refuse(413, TOO_LARGE)
  if (op === 'cas') {
    const cas = parseCas(body.bytes)
    if (cas.kind === 'malformed') return refuse(400, cas.problem)
    if (cas.kind === 'too-large') return refuse(413, TOO_LARGE)
    return encodeCommand({ op, key, value: cas.value, expect: cas.expect, session })
  }
  const value = op === 'delete' ? Buffer.alloc(0) : body.bytes
  const problem = valueProblem(value)
  if (problem !== null) return refuse(400, problem)
  return encodeCommand({ op, key, value, expect: null, session })
}

function header({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** One request's way out: the answer, and its place in the metrics. */
class Reply {
  private readonly startedMs = performance.now()

  constructor(
    private readonly exchange: Exchange,
    private readonly op: Op,
  ) {}

  read(answer: ReadAnswer): void {
    if (answer.kind !== 'read') return this.refused(answer)
    const { value, index, stalenessMs } = answer
    const staleness = stalenessMs === undefined ? '' : `,"staleness_ms":${stalenessMs === null ? null : Math.round(stalenessMs)}`
    this.json(value === null ? 404 : 200, 'ok', `{"value":${text(value)},"index":${index}${staleness}}`)
  }

  write(answer: WriteAnswer): void {
    switch (answer.kind) {
      case 'done': {
        const swapped = answer.swapped === null ? '' : `,"swapped":${answer.swapped}`
        return this.json(200, 'ok', `{"index":${answer.index},"term":${answer.term},"prior":${text(answer.prior)}${swapped}}`)
      }
      case 'too-large':
        return this.error(413, TOO_LARGE)
      case 'old-sequence':
        return this.error(409, 'old sequence')
      case 'session-expired':
        return this.error(409, 'session expired')
      case 'unknown':
        return this.json(504, 'unknown', JSON.stringify({ error: answer.reason }))
      default:
        return this.refused(answer)
    }
  }

  error(status: number, error: string): void {
    this.json(status, 'fail', JSON.stringify({ error }))
  }

  /** For a client that goes on sending: the connection ends with the answer. */
  closeAfterwards(): void {
    const { request, response } = this.exchange
    response.setHeader('connection', 'close')
    response.on('finish', () => request.destroy())
  }

  private refused(refused: Refused): void {
    switch (refused.kind) {
      case 'not-leader': {
        const { leader, term } = refused
        return this.json(421, 'fail', JSON.stringify({ error: 'not the leader', leader, term }))
      }
      case 'overloaded':
        return this.error(429, 'overloaded')
      case 'unavailable':
        return this.error(503, refused.reason)
    }
  }

  private json(status: number, outcome: Outcome, body: string): void {
    this.exchange.node.metrics.request(this.op, outcome, performance.now() - this.startedMs)
    sendJson(this.exchange.response, status, body)
  }
}

/** Checked to be UTF-8 on its way in, so that the JSON string gives back every byte. */
function text(value: Uint8Array | null): string {
  return value === null ? 'null' : JSON.stringify(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'))
}
