/**
 * The document being read: where each path stands in the text, and what was found wrong so far.
 * Sections report through it, so that every problem carries a line and a column that a person can go to.
 */
import { isAlias, isScalar, type Document, type LineCounter, type Node } from 'yaml'
import type { Problem } from './plan'

/** Where each entry of the plan stands in its text, by its id: `crash-1` → `timeline[0]`, and the monkey. */
export type EntryPaths = ReadonlyMap<string, string>

/** More would not be read by anyone. */
const PROBLEMS_MAX = 100

export class Source {
  readonly problems: Problem[] = []
  readonly #places = new Map<string, number>()
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(document: Document, lines: LineCounter) {
    this.#document = document
    this.#lines = lines
  }

  /** Remembers where the value of a path stands, for problems found later by comparing values. */
  place(path: string, node: Node | null): void {
    const offset = node?.range?.[0]
    if (offset !== undefined) this.#places.set(path, offset)
  }

  /** What an alias stands for; null for an empty value, an unknown alias, or one that leads to another alias. */
  resolve(node: unknown): Node | null {
    if (!isAlias(node)) return (node ?? null) as Node | null
    return node.resolve(this.#document) ?? null
  }

  /** A problem at a node, or, where there is none (something is missing), at the nearest part of the path that exists. */
  error(path: string, message: string, suggestion: string | null = null, node: Node | null = null): void {
    this.#add('error', path, message, suggestion, node)
  }

  /** Drops what was found so far: this one finding makes the rest moot. */
  refuse(path: string, message: string, suggestion: string | null, node: Node | null): void {
    this.problems.length = 0
    this.error(path, message, suggestion, node)
  }

  warn(path: string, message: string, suggestion: string | null = null): void {
    this.#add('warning', path, message, suggestion, null)
  }

  /** Whether this path or anything below it was found wrong: what depends on it is then not checked. */
  isBroken(path: string): boolean {
    return this.problems.some(
      (problem) =>
        problem.severity === 'error' &&
        (problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`)),
    )
  }

  hasErrors(): boolean {
    return this.problems.some((problem) => problem.severity === 'error')
  }

  #add(severity: Problem['severity'], path: string, message: string, suggestion: string | null, node: Node | null): void {
    if (this.problems.length >= PROBLEMS_MAX) return
    const position = this.#lines.linePos(node?.range?.[0] ?? this.#nearestPlace(path))
    this.problems.push({ severity, line: Math.max(1, position.line), column: Math.max(1, position.col), path, message, suggestion })
  }

  #nearestPlace(path: string): number {
    for (let at = path; at !== ''; at = parentPath(at)) {
      const offset = this.#places.get(at)
      if (offset !== undefined) return offset
    }
    return this.#document.contents?.range?.[0] ?? 0
  }
}

/** What a scalar holds as it is written, or null where it is no scalar or empty. */
export function writtenText(node: Node | null): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

export const joinPath = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0))
}
