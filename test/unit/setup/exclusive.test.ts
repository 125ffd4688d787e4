// The lock under which things are made: one owner at a time, and a dead owner has exactly one successor.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { exclusively, isAlive, take } from '../../../src-main/setup/exclusive.mjs'
import { inRoot } from '../../../src-main/setup/places.mjs'

let folder: string
let lockFile: string
const started: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-lock-'))
  lockFile = join(folder, 'making.lock')
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** A process that says when it has the lock, works for a moment, and says when it is about to give it back. */
const contender = (name: string, workMs: number): ChildProcess => {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as pause } from 'node:timers/promises'
    const { exclusively } = await import(${JSON.stringify(inRoot('src-main', 'setup', 'exclusive.mjs'))})
    const note = (what) => appendFileSync(${JSON.stringify(join(folder, 'log'))}, what + ' ${name}\\n')
    await exclusively(${JSON.stringify(lockFile)}, async () => { note('in'); await pause(${workMs}); note('out') }, { timeoutMs: 15_000 })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'inherit'] })
  started.push(child)
  return child
}
const log = (): string[] => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : [])

it('lets one in at a time', async () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => contender(name, 30))
  for (const child of all) if (child.exitCode === null) expect(await once(child, 'exit')).toEqual([0, null])
  const lines = log()
  expect(lines).toHaveLength(8)
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'))
})

it('lets the waiters of a killed owner in one at a time, and leaves nothing behind', async () => {
  const first = contender('killed', 60_000)
  await vi.waitUntil(() => log().includes('in killed'), { timeout: 10_000 })
  const waiters = ['a', 'b', 'c'].map((name) => contender(name, 30))
  first.kill('SIGKILL')
  await once(first, 'exit')
  for (const child of waiters) if (child.exitCode === null) expect(await once(child, 'exit')).toEqual([0, null])
  const lines = log().slice(1)
  expect(lines).toHaveLength(6)
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'))
  expect(readdirSync(folder)).toEqual(['log'])
})

it('tells who holds it, and gives up after its deadline', async () => {
  const held = contender('holder', 60_000)
  await vi.waitUntil(() => log().includes('in holder'), { timeout: 10_000 })
  const told: number[] = []
  const waiting = exclusively(lockFile, async () => appendFileSync(join(folder, 'log'), 'in waiter\n'), {
    timeoutMs: 120,
    onWait: (owner) => told.push(owner.pid),
  })
  await expect(waiting).rejects.toThrow(`process ${held.pid}`)
  expect(told).toEqual([held.pid])
  expect(log()).toEqual(['in holder'])
})

it('is given back when the making fails', async () => {
  await expect(exclusively(lockFile, async () => Promise.reject(new Error('no disk')), { timeoutMs: 1000 })).rejects.toThrow('no disk')
  expect(existsSync(lockFile)).toBe(false)
})

it.runIf(process.platform === 'linux')('takes a pid that was given to another process for a dead owner', () => {
  writeFileSync(lockFile, JSON.stringify({ id: 'x', pid: process.pid, startTime: '1' }))
  expect(isAlive({ id: 'x', pid: process.pid, startTime: '1' })).toBe(false)
  expect(take(lockFile, { id: 'y', pid: process.pid, startTime: null })).toBeNull()
  expect(JSON.parse(readFileSync(lockFile, 'utf8')).id).toBe('y')
})

it('succeeds a successor that died on the way', () => {
  const dead = { pid: 2 ** 22 + 1, startTime: '1' } // above the largest pid of Linux
  writeFileSync(lockFile, JSON.stringify({ id: 'first', ...dead }))
  writeFileSync(`${lockFile}.after-first`, JSON.stringify({ id: 'second', ...dead }))
  expect(take(lockFile, { id: 'third', pid: process.pid, startTime: null })).toBeNull()
  expect(readdirSync(folder)).toEqual(['making.lock'])
})

it('leaves the succession to the one who is already at it', async () => {
  let alive: object = {}
  await exclusively(lockFile, async () => void (alive = JSON.parse(readFileSync(lockFile, 'utf8'))), { timeoutMs: 1000 }) // this process as an owner
  writeFileSync(lockFile, JSON.stringify({ id: 'first', pid: 2 ** 22 + 1, startTime: '1' }))
  writeFileSync(`${lockFile}.after-first`, JSON.stringify(alive))
  expect(take(lockFile, { id: 'third', pid: process.pid, startTime: null })).toEqual(alive)
  expect(JSON.parse(readFileSync(lockFile, 'utf8')).id).toBe('first')
})
