import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partialDir } from '../../../src-main/node/snapshots/partial'
import { SnapshotStore } from '../../../src-main/node/snapshots/store'
import { SnapshotStreams } from '../../../src-main/node/snapshots/streams'
import { encodeSnapshotFrame, idOf, type SnapshotFrame } from '../../../src-main/node/snapshots/wire'
import { encodeCommand } from '../../../src-main/node/state/command'
import { StateMachine } from '../../../src-main/node/state/machine'

const TERM = 3

let dir: string
const open: { stop(): unknown }[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-streams-'))
})
afterEach(async () => {
  for (const item of open.splice(0)) await item.stop()
  await rm(dir, { recursive: true, force: true })
})

/** what a link does with a frame: lets it through, or loses it */
type Pass = (frame: SnapshotFrame) => boolean

/** A leader with a snapshot in two parts, and followers, linked in memory. */
async function cluster(followers: string[], pass: Pass = () => true, keys = 100) {
  const nodes = new Map<string, SnapshotStreams>()
  const notes: string[] = []
  const installed = new Map<string, StateMachine>()
  const givenUp: string[] = []
  const known = new Map<string, number>()
  const frames: { from: string; to: string; frame: SnapshotFrame }[] = []
  /** starts a node, again if it is there already: of it only its folder outlives that */
  const add = async (id: string): Promise<SnapshotStore> => {
    await nodes.get(id)?.stop()
    const { store } = await SnapshotStore.open(join(dir, id))
    const streams = new SnapshotStreams({
      store,
      nowMs: () => performance.now(),
      term: () => TERM,
      known: () => known.get(id) ?? 0,
      send: (to, frame) => {
        frames.push({ from: id, to, frame })
        const bytes = encodeSnapshotFrame(frame, 0)
        if (pass(frame)) setImmediate(() => nodes.get(to)!.take(id, bytes, 0))
      },
      onInstalled: (_manifest, machine) => installed.set(id, machine),
      onGivenUp: (to) => givenUp.push(to),
      onNote: (text) => notes.push(text),
      onFailure: (error) => notes.push(`failed: ${error.message}`),
    })
    nodes.set(id, streams)
    open.push(streams)
    return store
  }
  const store = await add('leader')
  for (const id of followers) await add(id)
  const machine = new StateMachine()
  const membership = { voters: ['leader', ...followers], outgoing: [], learners: [] }
  const write = (key: string): void => {
    const data = encodeCommand({ op: 'put', key, value: Buffer.alloc(2_000, key), expect: null, session: null })
    machine.apply({ index: machine.applied + 1, term: 2, type: 'command', data })
  }
  for (let i = 0; i < keys; i++) write(`k${i}`)
  await store.save(machine.capture('full'), { index: machine.applied, term: 2, membership })
  write('newest')
  await store.save(machine.capture('changes'), { index: machine.applied, term: 2, membership })
  return { add, store, leader: nodes.get('leader')!, machine, installed, notes, givenUp, frames, known }
}

const chunksTo = (frames: { to: string; frame: SnapshotFrame }[], id: string) =>
  frames.flatMap(({ to, frame }) => (to === id && frame.type === 'chunk' ? [frame] : []))

describe('a snapshot on its way', () => {
  it('arrives whole, in chunks that are small, each byte sent once', async () => {
    const { leader, installed, frames, machine, store } = await cluster(['n2'])
    leader.start('n2')
    leader.start('n2') // asked for again while it is under way: nothing more is sent
    await until(() => leader.sending().length === 0)
    expect(digest(installed.get('n2')!)).toBe(digest(machine))
    const chunks = chunksTo(frames, 'n2')
    expect(chunks.reduce((sum, { data }) => sum + data.length, 0)).toBe(store.manifest!.parts.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(Math.max(...chunks.map(({ data }) => data.length))).toBeLessThanOrEqual(16 * 1024)
  })

  it('goes on where a cut ended it', async () => {
    const cut = { at: 5, lost: 0 }
    const pass: Pass = ({ type }) => {
      if (type === 'chunk' && cut.at > 0) cut.at--
      const isLost = cut.at === 0 && cut.lost < 4
      if (isLost) cut.lost++
      return !isLost
    }
    const { leader, installed, frames, store } = await cluster(['n2'], pass)
    leader.start('n2')
    await until(() => installed.has('n2'))
    const bytes = chunksTo(frames, 'n2').reduce((sum, { data }) => sum + data.length, 0)
    const total = store.manifest!.parts.reduce((sum, { bytes: partBytes }) => sum + partBytes, 0)
    expect(cut.lost).toBe(4)
    expect(bytes).toBeLessThan(total + 8 * 16 * 1024) // what was on its way at the cut, not all from the start
  })

  it('goes on where its receiver was when that ended', async () => {
    let life: 'first' | 'over' | 'second' = 'first'
    const { add, leader, installed, frames, store, machine } = await cluster(['n2'], () => {
      if (life === 'first' && sentBytes() > 100_000) life = 'over'
      return life !== 'over'
    })
    const sentBytes = (): number => chunksTo(frames, 'n2').reduce((sum, { data }) => sum + data.length, 0)
    const total = store.manifest!.parts.reduce((sum, { bytes }) => sum + bytes, 0)
    leader.start('n2')
    await until(() => life === 'over')
    await add('n2')
    const sentBefore = sentBytes()
    life = 'second'
    await until(() => installed.has('n2'))
    expect(digest(installed.get('n2')!)).toBe(digest(machine))
    expect(sentBytes() - sentBefore).toBeLessThan(total - 50_000) // what was on its way at the end comes again
    await until(async () => (await readdir(join(dir, 'n2', 'snapshots', 'incoming'))).length === 0)
  })

  it('of which everything came before its receiver ended is taken over when it is offered again', async () => {
    const { add, leader, installed, store } = await cluster(['n2'])
    const folder = partialDir((await add('n2')).incomingDir, idOf(store.manifest!))
    for (const { file } of store.manifest!.parts) await cp(join(store.dir, file), join(folder, file))
    leader.start('n2')
    await until(() => leader.sending().length === 0)
    expect(installed.has('n2')).toBe(true)
  })

  it('begins anew when what was left of it is damaged, and leaves nothing of another one', async () => {
    const { add, leader, installed, notes, store, machine } = await cluster(['n2'])
    const { incomingDir } = await add('n2')
    const folder = partialDir(incomingDir, idOf(store.manifest!))
    await mkdir(join(incomingDir, '999-00000000'), { recursive: true })
    await mkdir(folder)
    await writeFile(join(folder, store.manifest!.parts[0]!.file), Buffer.alloc(20_000))
    leader.start('n2')
    await until(() => installed.has('n2'))
    expect(digest(installed.get('n2')!)).toBe(digest(machine))
    expect(notes.filter((text) => text.includes('its checksum does not fit')).length).toBe(1)
    await until(async () => (await readdir(incomingDir)).length === 0)
  })

  it('that a newer one overtook is removed at the next start', async () => {
    const { add, leader, installed, store } = await cluster(['n2'])
    leader.start('n2')
    await until(() => leader.sending().length === 0 && installed.has('n2'))
    const { incomingDir } = store
    for (const name of ['5-0000abcd', `${store.manifest!.index}-0000abcd`, 'whatever', '999-0000abcd']) await mkdir(join(incomingDir, name), { recursive: true })
    await add('leader')
    expect(await readdir(incomingDir)).toEqual(['999-0000abcd'])
  })

  it('arrives though frames are lost and come twice', async () => {
    let count = 0
    const { leader, installed, frames } = await cluster(['n2'], () => ++count % 9 !== 0)
    leader.start('n2')
    await until(() => installed.has('n2'))
    expect(frames.filter(({ frame }) => frame.type === 'offer').length).toBeGreaterThan(1)
  })

  it('to one follower does not wait for that to another', async () => {
    const { leader, installed, frames } = await cluster(['n2', 'n3'], undefined, 400)
    leader.start('n3')
    leader.start('n2')
    await until(() => installed.has('n2') && installed.has('n3'))
    const order = frames.flatMap(({ to, frame }) => (frame.type === 'chunk' ? [to] : []))
    expect(order.indexOf('n2')).toBeLessThan(order.lastIndexOf('n3'))
  })

  it('has no more on the way than its window, however long the answer takes', async () => {
    const { leader, frames } = await cluster(['n2'], ({ type }) => type !== 'ack' || acks++ < 3, 2_000)
    let acks = 0
    leader.start('n2')
    await until(() => acks >= 3)
    const before = chunksTo(frames, 'n2').length
    await until(() => frames.filter(({ frame }) => frame.type === 'offer').length > 1)
    expect(chunksTo(frames, 'n2').length - before).toBeLessThanOrEqual(64)
  })

  it('is not sent to who has it all, which says so', async () => {
    const { leader, known, frames, installed, machine } = await cluster(['n2'])
    known.set('n2', machine.applied)
    leader.start('n2')
    await until(() => leader.sending().length === 0)
    expect(chunksTo(frames, 'n2')).toEqual([])
    expect(installed.size).toBe(0)
  })

  it('ends when the node leads no more', async () => {
    const { leader, frames } = await cluster(['n2'], ({ type }) => type !== 'ack')
    leader.start('n2')
    await until(() => frames.length > 0)
    leader.stopSending()
    expect(leader.sending()).toEqual([])
  })

  it('that was damaged where it comes from is refused, tried again, and given up', async () => {
    const { leader, store, installed, givenUp, notes } = await cluster(['n2'])
    const [part] = (await readdir(store.dir)).filter((name) => name.endsWith('.snap'))
    const bytes = await readFile(join(store.dir, part!))
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(join(store.dir, part!), bytes)
    leader.start('n2')
    await until(() => givenUp.length === 1, 15_000)
    expect(installed.size).toBe(0)
    expect(notes.filter((text) => text.includes('its checksum does not fit')).length).toBeGreaterThan(2)
    expect(notes.at(-1)).toContain('could not use what it got')
  })
})

function digest(machine: StateMachine): string {
  const hash = createHash('sha256')
  for (const [key, value] of machine.capture('full').keys) hash.update(key).update(value ?? 'gone')
  return hash.digest('hex')
}

async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  for (const giveUpMs = performance.now() + deadlineMs; !(await condition()); ) {
    if (performance.now() > giveUpMs) throw new Error(`not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
