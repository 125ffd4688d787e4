/** Reading maps and lists of the document: unknown, repeated and reserved keys are found here, once for all sections. */
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import { described, notInThisVersion, type Field } from './field'
import { nearestWord } from './nearest'
import { joinPath, writtenText, type Source } from './source'

/** A list in a plan has at most so many items; a larger one was made by a machine that went wrong. */
const ITEMS_MAX = 500
const KEYS_MAX = 100

export interface Keys {
  known: readonly string[]
  /** keys of a later version: refused by name */
  later?: readonly string[]
}

/** An opened map. A value that is missing reads as its default, a wrong one too, after it was reported. */
export class PlanMap {
  readonly source: Source
  readonly path: string
  readonly #values: Map<string, Node | null>

  constructor(source: Source, path: string, values: Map<string, Node | null>) {
    this.source = source
    this.path = path
    this.#values = values
  }

  at(key: string): string {
    return joinPath(this.path, key)
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  node(key: string): Node | null {
    return this.#values.get(key) ?? null
  }

  /** @returns the value, its default where the key is absent, or undefined after a problem was reported */
  read<T>(key: string, field: Field<T>): T | undefined {
    if (!this.has(key)) {
      if (field.initial === undefined) this.source.error(this.at(key), `${key} is missing: ${field.help}`, example(key, field))
      return field.initial
    }
    const node = this.node(key)
    const reading = field.read(node)
    if (reading.ok) return reading.value
    this.source.error(this.at(key), reading.message, reading.suggestion, node)
    return undefined
  }

  /** As `read`, for values that can't be left undefined: after a problem the default stands in, and the plan is refused anyway. */
  readOr<T>(key: string, field: Field<T> & { initial: T }): T {
    const value = this.read(key, field)
    return value === undefined ? field.initial : value
  }

  /** As `read`, but null where the key is absent or wrong. */
  readOptional<T>(key: string, field: Field<T>): T | null {
    return this.has(key) ? (this.read(key, field) ?? null) : null
  }

  /** An inner map; an absent one reads as empty, so that every default applies. */
  map(key: string, keys: Keys): PlanMap {
    const empty = new PlanMap(this.source, this.at(key), new Map())
    return this.#holds(key) ? (openMap(this.source, this.at(key), this.node(key), keys) ?? empty) : empty
  }

  items(key: string): { path: string; node: Node | null }[] {
    return this.#holds(key) ? openList(this.source, this.at(key), this.node(key)) : []
  }

  /** A key with nothing after it, as where all its lines are commented out, holds nothing. */
  #holds(key: string): boolean {
    const node = this.node(key)
    return node !== null && !(isScalar(node) && node.value === null)
  }
}

/** @returns null after reporting that this is no map */
export function openMap(source: Source, path: string, node: Node | null, keys: Keys): PlanMap | null {
  source.place(path, node)
  if (!isMap(node)) {
    source.error(path, `${described(node)} where a map was expected (${keys.known.slice(0, 6).join(', ')}${keys.known.length > 6 ? ', …' : ''})`, null, node)
    return null
  }
  const values = new Map<string, Node | null>()
  for (const pair of node.items.slice(0, KEYS_MAX)) {
    const keyNode = source.resolve(pair.key)
    const key = writtenText(keyNode)
    if (key === null) {
      source.error(path, `${described(keyNode)} can't be a key`, null, keyNode ?? node)
      continue
    }
    const at = joinPath(path, key)
    if (values.has(key)) {
      source.error(at, `${key} is given twice`, null, keyNode)
    } else if (keys.known.includes(key)) {
      const value = source.resolve(pair.value)
      source.place(at, value ?? keyNode)
      values.set(key, value)
    } else if (keys.later?.includes(key)) {
      source.error(at, notInThisVersion(key), null, keyNode)
    } else {
      source.error(at, `unknown key "${key}"`, nearestWord(key, keys.known), keyNode)
    }
  }
  if (node.items.length > KEYS_MAX) source.error(path, `more than ${KEYS_MAX} keys in one map`, null, node)
  return new PlanMap(source, path, values)
}

/** @returns the items with their paths; empty after reporting that this is no list */
export function openList(source: Source, path: string, node: Node | null): { path: string; node: Node | null }[] {
  source.place(path, node)
  if (!isSeq(node)) {
    source.error(path, `${described(node)} where a list was expected`, null, node)
    return []
  }
  if (node.items.length > ITEMS_MAX) source.error(path, `more than ${ITEMS_MAX} items in one list`, null, node)
  return node.items.slice(0, ITEMS_MAX).map((item, index) => {
    const value = source.resolve(item)
    const at = `${path}[${index}]`
    source.place(at, value)
    return { path: at, node: value }
  })
}

function example<T>(key: string, field: Field<T>): string | null {
  return field.options ? `${key}: ${field.options.join(' | ')}` : null
}
