/** Ports for a lab: on 127.0.0.1, below the range the kernel hands out to outgoing connections. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { LabFailure } from '../failure'

const LOWEST = 10_000
const DEFAULT_EPHEMERAL_START = 32_768

/** First port the kernel may give to an outgoing connection: a proxy there could find its port taken. */
export function ephemeralStart(): number {
  try {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0])
    return Number.isInteger(first) && first > LOWEST + 1_000 ? first : DEFAULT_EPHEMERAL_START
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return DEFAULT_EPHEMERAL_START // not Linux
    throw error
  }
}

/**
 * @param random where to start looking, so that labs side by side rarely try the same ports
 * @returns `count` different ports that could be bound a moment ago
 */
export async function freePorts(count: number, random: () => number = Math.random): Promise<number[]> {
  const end = ephemeralStart()
  const span = end - LOWEST
  const start = Math.floor(random() * span)
  const found: number[] = []
  for (let step = 0; step < span && found.length < count; step++) {
    const port = LOWEST + ((start + step) % span)
    if (await isFree(port)) found.push(port)
  }
  if (found.length < count) {
    throw new LabFailure('missing', `only ${found.length} of ${count} ports are free on 127.0.0.1 between ${LOWEST} and ${end - 1}`,
      'end other programs that listen there')
  }
  return found
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', () => settle(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => settle(true)))
  })
}
