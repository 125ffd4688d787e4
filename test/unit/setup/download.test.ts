// A download is taken only whole and with the right checksum, within its deadlines; an archive only if it stays inside.
import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../../src-main/setup/download.mjs'
import { unzip } from '../../../src-main/setup/unzip.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-download-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a download', () => {
  let server: Server
  let url: string
  const sha256 = createHash('sha256').update('content').digest('hex')
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/silent') return
      if (request.url === '/endless') return void response.write('con')
      response.writeHead(request.url === '/file' ? 200 : 404).end('content')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })
  const get = (path: string, sum = sha256): Promise<string | null> =>
    download(url + path, join(folder, 'program'), { sha256: sum, answerMs: 150, totalMs: 300 })

  it('is there, and can be run, when the checksum fits', async () => {
    expect(await get('/file')).toBeNull()
    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('content')
    expect(statSync(join(folder, 'program')).mode & 0o111).toBe(0o111)
  })
  it.each([
    ['has another checksum', '/file', '0'.repeat(64), /^has sha256 [0-9a-f]{64}, not 0{64}$/],
    ['is not found', '/none', sha256, /^answered 404$/],
    ['gets no answer', '/silent', sha256, /^no answer within 0\.15 s$/],
    ['never ends', '/endless', sha256, /^not done within 0\.3 s$/],
  ])('that %s leaves nothing', async (_what, path, sum, problem) => {
    expect(await get(path, sum)).toMatch(problem)
    expect(readdirSync(folder)).toEqual([])
  })
  it('names why it could not connect', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await get('/file')).toContain('ECONNREFUSED')
  })
})

describe('an archive', () => {
  /** A zip of these entries, deflated, with their Unix modes. */
  const zip = (entries: { name: string; content: string; mode: number; stored?: boolean }[]): string => {
    const locals: Buffer[] = []
    const directory: Buffer[] = []
    for (const { name, content, mode, stored } of entries) {
      const at = locals.reduce((total, part) => total + part.length, 0)
      const packed = stored ? Buffer.from(content) : deflateRawSync(content)
      const local = Buffer.alloc(30)
      local.writeUInt32LE(0x04034b50)
      local.writeUInt16LE(name.length, 26)
      locals.push(local, Buffer.from(name), packed)
      const entry = Buffer.alloc(46)
      entry.writeUInt32LE(0x02014b50)
      entry.writeUInt16LE(stored ? 0 : 8, 10)
      entry.writeUInt32LE(packed.length, 20)
      entry.writeUInt32LE(content.length, 24)
      entry.writeUInt16LE(name.length, 28)
      entry.writeUInt16LE(mode, 40)
      entry.writeUInt32LE(at, 42)
      directory.push(entry, Buffer.from(name))
    }
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50)
    end.writeUInt16LE(entries.length, 10)
    end.writeUInt32LE(Buffer.concat(directory).length, 12)
    end.writeUInt32LE(Buffer.concat(locals).length, 16)
    const file = join(folder, 'archive.zip')
    writeFileSync(file, Buffer.concat([...locals, ...directory, end]))
    return file
  }

  it('keeps modes and links, and leaves out what has no place', () => {
    const file = zip([
      { name: 'App/run', content: '#!/bin/sh\n'.repeat(50), mode: 0o100755 },
      { name: 'App/lib.so', content: 'lib', mode: 0o100644, stored: true },
      { name: 'App/link', content: 'lib.so', mode: 0o120777, stored: true },
      { name: 'Other/none', content: 'x', mode: 0o100644 },
    ])
    const out = join(folder, 'out')
    expect(unzip(file, out, (name) => (name.startsWith('App/') ? name.slice(4) : null))).toBe(3)
    expect(readdirSync(out).sort()).toEqual(['lib.so', 'link', 'run'])
    expect(statSync(join(out, 'run')).mode & 0o777).toBe(0o755)
    expect(lstatSync(join(out, 'link')).isSymbolicLink() && readlinkSync(join(out, 'link'))).toBe('lib.so')
    expect(readFileSync(join(out, 'run'), 'utf8')).toBe('#!/bin/sh\n'.repeat(50))
  })
  it('may not write outside its folder', () => {
    const file = zip([{ name: '../outside', content: 'x', mode: 0o100644 }])
    expect(() => unzip(file, join(folder, 'out'), (name) => name)).toThrow('leaves the folder')
    expect(readdirSync(folder)).toEqual(['archive.zip'])
  })
  it('that is none is named', () => {
    writeFileSync(join(folder, 'none.zip'), 'not a zip at all, but longer than its directory would be')
    expect(() => unzip(join(folder, 'none.zip'), folder, (name) => name)).toThrow('not a zip archive')
  })
})
