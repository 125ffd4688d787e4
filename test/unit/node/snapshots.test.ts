import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SnapshotSettings } from '@shared/raft'
import { decodeManifest, encodeManifest, type Manifest } from '../../../src-main/node/snapshots/manifest'
import { CorruptSnapshot } from '../../../src-main/node/snapshots/part-files'
import { partialDir } from '../../../src-main/node/snapshots/partial'
import { Snapshotter } from '../../../src-main/node/snapshots/snapshotter'
import { SnapshotStore } from '../../../src-main/node/snapshots/store'
import { idOf } from '../../../src-main/node/snapshots/wire'
import { encodeCommand } from '../../../src-main/node/state/command'
import { StateMachine } from '../../../src-main/node/state/machine'
import type { Membership } from '../../../src-main/raft/types'

const membership: Membership = { voters: ['n1', 'n2', 'n3'], outgoing: [], learners: [] }
const settings: SnapshotSettings = { entries: null, ageMs: null, keptEntries: 2, chainMax: 4 }

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faultline-snapshots-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function world(changed: Partial<SnapshotSettings> = {}) {
  const { store, machine: found } = await SnapshotStore.open(dir)
  const machine = found ?? new StateMachine()
  const cuts: number[] = []
  const notes: string[] = []
  const failures: Error[] = []
  const clock = { nowMs: 0 }
  const snapshotter = new Snapshotter({
    store,
    settings: { ...settings, ...changed },
    machine: () => machine,
    meta: (index) => ({ index, term: machine.appliedTerm, membership }),
    nowMs: () => clock.nowMs,
    onMade: () => undefined,
    cut: async (index) => void cuts.push(index),
    onNote: (text) => notes.push(text),
    onFailure: (error) => failures.push(error),
  })
  const put = (key: string, value = 'value'): void => {
    const data = encodeCommand({ op: 'put', key, value: Buffer.from(value), expect: null, session: { client: `c${machine.applied}`, seq: 1 } })
    machine.apply({ index: machine.applied + 1, term: 3, type: 'command', data })
  }
  if (found === null) for (let i = 0; i < 10; i++) put(`k${i}`)
  return { store, machine, snapshotter, put, cuts, notes, failures, clock }
}

const parts = async () => (await readdir(join(dir, 'snapshots'))).filter((name) => name.endsWith('.snap'))

describe('snapshots', () => {
  it('are found again at start, a full one with its changes, and the log goes up to the entries that are kept', async () => {
    const { snapshotter, put, cuts } = await world()
    expect(await snapshotter.make()).toEqual({ index: 10, isNew: true, kind: 'full' })
    put('k3', 'newer')
    put('k11')
    expect(await snapshotter.make()).toEqual({ index: 12, isNew: true, kind: 'changes' })
    expect(await snapshotter.make()).toEqual({ index: 12, isNew: false, kind: null })
    expect(cuts).toEqual([8, 10])
    const { store, machine } = await SnapshotStore.open(dir)
    expect(store.manifest).toMatchObject({ index: 12, term: 3, membership, parts: [{ kind: 'full', index: 10 }, { kind: 'changes', index: 12 }] })
    expect(Buffer.from(machine!.get('k3')!).toString()).toBe('newer')
    expect(machine!.size.keys).toBe(11)
  })

  it('begin a new chain when the old one is long, and leave no file of it', async () => {
    const { snapshotter, put } = await world()
    const kinds: unknown[] = []
    for (let i = 0; i < 9; i++) {
      put('k0')
      kinds.push((await snapshotter.make()).kind)
    }
    expect(kinds).toEqual(['full', 'changes', 'changes', 'changes', 'full', 'changes', 'changes', 'changes', 'full'])
    expect((await parts()).length).toBe(1)
  })

  it('begin a new chain when most keys changed', async () => {
    const { snapshotter, put } = await world()
    await snapshotter.make()
    for (let i = 0; i < 6; i++) put(`k${i}`)
    expect((await snapshotter.make()).kind).toBe('full')
  })

  it('begin a new chain when a part of the old one is broken, and say so', async () => {
    const { snapshotter, put, notes } = await world()
    await snapshotter.make()
    const [part] = await parts()
    await damage(join(dir, 'snapshots', part!))
    put('k1')
    expect((await snapshotter.make()).kind).toBe('full')
    expect(notes).toEqual([expect.stringContaining('its checksum does not fit')])
    expect((await SnapshotStore.open(dir)).machine!.size.keys).toBe(10)
  })

  it('stop the node at start when any byte of them is damaged', async () => {
    const { snapshotter, put } = await world()
    await snapshotter.make()
    put('k1')
    await snapshotter.make()
    for (const name of await readdir(join(dir, 'snapshots'))) {
      const path = join(dir, 'snapshots', name)
      const whole = await readFile(path)
      await damage(path)
      await expect(SnapshotStore.open(dir)).rejects.toThrow(CorruptSnapshot)
      await writeFile(path, whole.subarray(0, -1))
      if (name.endsWith('.snap')) await expect(SnapshotStore.open(dir)).rejects.toThrow(`${name}: it has`)
      await writeFile(path, whole)
    }
    await SnapshotStore.open(dir)
  })

  it('are made when enough entries were applied, or when the last is old enough and something was', async () => {
    for (const [setting, make] of [
      [{ entries: 12 }, ({ put }: World) => (put('a'), put('b'))],
      [{ ageMs: 1_000 }, ({ clock }: World) => (clock.nowMs = 1_000)],
    ] as const) {
      const here = await world(setting)
      here.snapshotter.start()
      await new Promise((resolve) => setTimeout(resolve, 120)) // two looks
      expect(here.store.manifest).toBeNull()
      make(here)
      await until(() => here.cuts.length === 1)
      await here.snapshotter.stop()
      expect(here.failures).toEqual([])
      await rm(join(dir, 'snapshots'), { recursive: true })
    }
  })

  it('count from the manifest on: what a crash leaves before it is swept away', async () => {
    const { snapshotter } = await world()
    await snapshotter.make()
    await writeFile(join(dir, 'snapshots', 'part-99-00000000.snap'), 'half a part')
    await writeFile(join(dir, 'snapshots', 'manifest.json.new'), 'half a manifest')
    const { store } = await SnapshotStore.open(dir)
    expect(store.manifest!.index).toBe(10)
    expect((await parts()).length).toBe(1)
  })

  it('keep their files while somebody reads them', async () => {
    const { store, snapshotter, put } = await world({ chainMax: 1 })
    await snapshotter.make()
    const pinned = store.pin()!
    put('k1')
    await snapshotter.make()
    expect((await parts()).length).toBe(2)
    store.unpin(pinned)
    put('k1')
    await snapshotter.make()
    expect((await parts()).length).toBe(1)
  })
})

describe('a snapshot from elsewhere', () => {
  it('is installed when it is whole and newer, and never when it is damaged', async () => {
    const { snapshotter, store } = await world()
    await snapshotter.make()
    const manifest = store.manifest!
    const other = await mkdtemp(join(tmpdir(), 'faultline-snapshots-'))
    try {
      const { store: receiver } = await SnapshotStore.open(other)
      const arrives = async (as: Manifest): Promise<string> => {
        const incoming = join(partialDir(receiver.incomingDir, idOf(as)), manifest.parts[0]!.file)
        await cp(join(dir, 'snapshots', manifest.parts[0]!.file), incoming)
        return incoming
      }
      await damage(await arrives(manifest))
      await expect(receiver.install(manifest)).rejects.toThrow(CorruptSnapshot)
      expect(receiver.manifest).toBeNull()
      const wrong = { ...manifest, index: 11 }
      await arrives(wrong)
      await expect(receiver.install(wrong)).rejects.toThrow('its parts end at entry 10, the manifest says 11')
      await arrives(manifest)
      expect((await receiver.install(manifest)).applied).toBe(10)
      const again = await SnapshotStore.open(other)
      expect(again.store.manifest).toEqual(manifest)
      expect(again.machine!.size.keys).toBe(10)
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})

describe('a manifest', () => {
  const manifest = { index: 5, term: 2, membership, parts: [{ file: 'part-5-0123abcd.snap', kind: 'full' as const, index: 5, bytes: 10, crc: 7 }] }
  it('comes back as it was', () => expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest))
  it('with any byte changed is refused', () => {
    const bytes = encodeManifest(manifest)
    for (let at = 0; at < bytes.length - 1; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = damaged[at]! ^ 1
      expect(typeof decodeManifest(damaged)).toBe('string')
    }
  })
  it('may not lead out of its folder, nor begin with changes', () => {
    const [part] = manifest.parts
    for (const wrong of [{ ...part!, file: '../../etc/passwd' }, { ...part!, kind: 'changes' as const }, { ...part!, bytes: -1 }]) {
      expect(decodeManifest(encodeManifest({ ...manifest, parts: [wrong] }))).toBe('it lacks what a manifest has')
    }
  })
})

type World = Awaited<ReturnType<typeof world>>

async function damage(path: string): Promise<void> {
  const bytes = await readFile(path)
  const at = Math.floor(bytes.length / 2)
  bytes[at] = bytes[at]! ^ 1
  await writeFile(path, bytes)
}

async function until(condition: () => boolean): Promise<void> {
  for (const giveUpMs = performance.now() + 5_000; !condition(); ) {
    if (performance.now() > giveUpMs) throw new Error('not within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
