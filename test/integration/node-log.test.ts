/** What a node process writes down, as it stands in its file. */
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { type NodeProcesses, until } from './node/processes'
import { nodeSuite } from './node/suite'

const { started } = nodeSuite()

type Line = Record<string, unknown>

async function linesOf(cluster: NodeProcesses, id: string): Promise<Line[]> {
  const text = await readFile(cluster.logFile(id), 'utf8')
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line)
}

/** somebody who is no peer */
function intrude(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n'.repeat(8)))
    socket.on('error', () => undefined).on('close', () => resolve())
  })
}

it('every line is JSON with moment, level, kind of message and node; of a flood of one kind the rest is counted', async () => {
  const cluster = await started(1)
  await cluster.leader()
  const intruders = 150
  for (let i = 0; i < intruders; i++) await intrude(cluster.config('n1').peerPort)
  const ofFlood = ({ msg, of, text }: Line): boolean => (msg === 'note' && /connection of nobody known/.test(String(text))) || (msg === 'suppressed' && of === 'note')
  const suppressed = (lines: Line[]): number => lines.reduce((sum, line) => sum + Number(line.suppressed ?? 0), 0)
  const told = (lines: Line[]): number => lines.filter(({ msg }) => msg === 'note').length
  let flood: Line[] = []
  await until('each of them is told or counted', async () => {
    flood = (await linesOf(cluster, 'n1')).filter(ofFlood)
    return told(flood) + suppressed(flood) === intruders
  })
  expect(told(flood)).toBeLessThan(intruders)
  cluster.node('n1').child.send({ type: 'stop' })
  expect((await cluster.node('n1').ended).code).toBe(0)

  const lines = await linesOf(cluster, 'n1')
  for (const line of lines) {
    expect(line).toMatchObject({ level: expect.stringMatching(/^(info|warning|error)$/), msg: expect.stringMatching(/^[a-z-]+$/i), node: 'n1', at_ns: expect.any(Number) })
    expect(new Date(String(line.ts)).toISOString()).toBe(line.ts)
  }
  const kinds = lines.map(({ msg }) => msg)
  expect(kinds).toContain('ready') // one kind holds back no other
  expect(kinds.at(-1)).toBe('stopped')
})
