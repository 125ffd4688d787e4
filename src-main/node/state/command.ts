/**
 * What a write puts into the log: op, key, values and, for exactly-once, the client's session. Binary and versioned,
 * since a log outlives the program that wrote it.
 *
 *   version 1 · op 1 · flags 1 · key length 2 · client length 1 · seq 8 · expect length 4 · key · client · expect · value
 */
import { readUint53, writeUint53 } from '../uint53'

export type CommandOp = 'put' | 'delete' | 'cas' | 'append'

export interface Session {
  client: string
  /** rises with each write of this client, from 1 */
  seq: number
}

export interface Command {
  op: CommandOp
  key: string
  /** put, cas: the new value; append: what is added; delete: empty */
  value: Uint8Array
  /** cas only: what must be there, null = key absent */
  expect: Uint8Array | null
  session: Session | null
}

const VERSION = 1
const HEAD_BYTES = 18
const OPS: readonly CommandOp[] = ['put', 'delete', 'cas', 'append']
const FLAG_SESSION = 1
const FLAG_EXPECT = 2

export function encodeCommand(command: Command): Buffer {
  const { session, expect, value } = command
  const key = Buffer.from(command.key)
  const client = Buffer.from(session?.client ?? '')
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + key.length + client.length + (expect?.length ?? 0) + value.length)
  buffer.writeUInt8(VERSION, 0)
  buffer.writeUInt8(OPS.indexOf(command.op), 1)
  buffer.writeUInt8((session === null ? 0 : FLAG_SESSION) | (expect === null ? 0 : FLAG_EXPECT), 2)
  buffer.writeUInt16LE(key.length, 3)
  buffer.writeUInt8(client.length, 5)
  writeUint53(buffer, session?.seq ?? 0, 6)
  buffer.writeUInt32LE(expect?.length ?? 0, 14)
  let at = HEAD_BYTES
  for (const part of [key, client, expect, value]) {
    if (part === null) continue
    buffer.set(part, at)
    at += part.length
  }
  return buffer
}

/** @returns views into `bytes`; null when they are no command of this version */
export function decodeCommand(bytes: Uint8Array): Command | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < HEAD_BYTES || buffer.readUInt8(0) !== VERSION) return null
  const op = OPS[buffer.readUInt8(1)]
  const flags = buffer.readUInt8(2)
  const keyEnd = HEAD_BYTES + buffer.readUInt16LE(3)
  const clientEnd = keyEnd + buffer.readUInt8(5)
  const expectEnd = clientEnd + buffer.readUInt32LE(14)
  if (op === undefined || expectEnd > buffer.length) return null
  const client = buffer.toString('utf8', keyEnd, clientEnd)
  return {
    op,
    key: buffer.toString('utf8', HEAD_BYTES, keyEnd),
    value: buffer.subarray(expectEnd),
    expect: flags & FLAG_EXPECT ? buffer.subarray(clientEnd, expectEnd) : null,
    session: flags & FLAG_SESSION ? { client, seq: readUint53(buffer, 6) } : null,
  }
}
