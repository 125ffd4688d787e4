/**
 * Kinds of values in a plan: each knows how to read a scalar, its bounds, its default and a line of help.
 * The reader, the faults' parameters and everything drawn from them (help, forms, docs) share these.
 */
import { isScalar, isSeq, type Node } from 'yaml'
import { nearestWord } from './nearest'
import { writtenText } from './source'
import { formatDuration, formatPercentage, formatRate, formatSize, formatThroughput, parseDuration, parsePercentage, parseRate, parseSize, parseThroughput, type Quantity } from './units'

export type Reading<T> = { ok: true; value: T } | { ok: false; message: string; suggestion: string | null }

export interface Field<T> {
  kind: 'duration' | 'size' | 'rate' | 'throughput' | 'percentage' | 'integer' | 'flag' | 'text' | 'choice'
  /** one line, for help and forms */
  help: string
  /** used where the plan says nothing; undefined = required */
  initial?: T
  /** smallest and largest value in the field's own unit (ms, bytes, per second, ratio) */
  min?: number
  max?: number
  /** choice only: every accepted word */
  options?: readonly string[]
  read(node: Node | null): Reading<T>
  /** the value as a plan would say it */
  format(value: T): string
}

interface Bounds {
  help: string
  initial?: number
  min: number
  max: number
}

/** In ms. Whole milliseconds unless `fractional`: Toxiproxy and every timer of ours count in them. `usual`: suggested where the unit is missing. */
export function duration(of: Bounds & { fractional?: boolean; usual?: 'ms' | 's' }): Field<number> {
  return quantity('duration', of, (written) => parseDuration(written, of.usual), formatDuration, (ms) =>
    of.fractional || Number.isInteger(ms) ? null : { why: 'only whole milliseconds can be set', instead: `${Math.max(of.min, Math.round(ms))}ms` },
  )
}

export function size(of: Bounds): Field<number> {
  return quantity('size', of, parseSize, formatSize, (bytes) =>
    Number.isInteger(bytes) ? null : { why: 'only whole bytes can be written', instead: `${Math.round(bytes)}B` },
  )
}

/** In bytes per second, a multiple of `whole`. */
export function throughput(of: Bounds & { whole: number }): Field<number> {
  return quantity('throughput', of, parseThroughput, formatThroughput, (bytesPerS) => {
    if (bytesPerS % of.whole === 0) return null
    const nearest = Math.max(of.min, Math.round(bytesPerS / of.whole) * of.whole)
    return { why: `only multiples of ${formatThroughput(of.whole)} can be set`, instead: formatThroughput(nearest) }
  })
}

export const rate = (of: Bounds): Field<number> => quantity('rate', of, parseRate, formatRate)
export const percentage = (of: Bounds): Field<number> => quantity('percentage', of, parsePercentage, formatPercentage)

export function integer(of: Bounds): Field<number> {
  return {
    ...of,
    kind: 'integer',
    format: String,
    read(node) {
      const value = isScalar(node) ? node.value : null
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        const text = writtenText(node)
        const number = text !== null && /^-?\d+$/.test(text.trim()) ? text.trim() : null
        return { ok: false, message: `${described(node)} is not a whole number`, suggestion: number }
      }
      return bounded(value, of, String)
    },
  }
}

export function flag(of: { help: string; initial?: boolean }): Field<boolean> {
  return {
    ...of,
    kind: 'flag',
    format: String,
    read(node) {
      const value = isScalar(node) ? node.value : null
      if (typeof value === 'boolean') return { ok: true, value }
      const word = writtenText(node)?.toLowerCase() ?? ''
      const meant = ['yes', 'on', 'true', '1'].includes(word) ? 'true' : ['no', 'off', 'false', '0'].includes(word) ? 'false' : null
      return { ok: false, message: `${described(node)} is neither true nor false`, suggestion: meant ?? nearestWord(word, ['true', 'false']) }
    },
  }
}

export function text(of: { help: string; initial?: string; maxLength: number; pattern?: RegExp; like?: string }): Field<string> {
  const { maxLength, pattern, like, ...rest } = of
  return {
    ...rest,
    kind: 'text',
    format: (value) => value,
    read(node) {
      const value = writtenText(node)
      if (value === null || value.trim() === '') return { ok: false, message: `${described(node)} is not a text`, suggestion: null }
      if (value.length > maxLength) return { ok: false, message: `longer than ${maxLength} characters`, suggestion: null }
      if (pattern && !pattern.test(value)) return { ok: false, message: `"${value}" is not ${like ?? `of the form ${pattern.source}`}`, suggestion: null }
      return { ok: true, value }
    },
  }
}

/** One of a few words; `synonyms` (other word → right word) and `later` (word → refused by name) sharpen the answer. */
export function choice<W extends string>(of: {
  help: string
  initial?: W
  options: readonly W[]
  synonyms?: Record<string, W>
  later?: readonly string[]
}): Field<W> {
  return {
    ...of,
    kind: 'choice',
    format: (value) => value,
    read(node) {
      const word = writtenText(node)
      const option = of.options.find((candidate) => candidate === word)
      if (option !== undefined) return { ok: true, value: option }
      if (word !== null && of.later?.includes(word)) return { ok: false, message: notInThisVersion(word), suggestion: null }
      const lower = word?.toLowerCase() ?? ''
      const synonym = of.synonyms && Object.hasOwn(of.synonyms, lower) ? of.synonyms[lower]! : null
      return { ok: false, message: `${described(node)} is not one of ${of.options.join(', ')}`, suggestion: synonym ?? (of.options.length === 1 ? of.options[0]! : nearestWord(lower, of.options)) }
    },
  }
}

/** A quantity, or `never`: what it is the limit of does not happen for that reason. */
export function orNever(field: Field<number>): Field<number | null> & { initial: number | null } {
  const meant = ['never', 'none', 'off', 'no', 'false', '0']
  return {
    ...field,
    initial: field.initial ?? null,
    format: (value) => (value === null ? 'never' : field.format(value)),
    read(node) {
      const word = writtenText(node)
      if (word === 'never') return { ok: true, value: null }
      const reading = field.read(node)
      if (reading.ok || word === null) return reading
      return meant.includes(word.toLowerCase()) || nearestWord(word, ['never']) !== null ? { ...reading, suggestion: 'never' } : reading
    },
  }
}

/** A value that may be left out: null then. */
export function optional<T>(field: Field<T>): Field<T | null> & { initial: null } {
  return { ...field, initial: null, format: (value) => (value === null ? '' : field.format(value)) }
}

/** How everything that a later version will know is refused. */
export const notInThisVersion = (what: string): string => `${what}: not in this version`

/** A value as an error names it: its text, or what it is where it has none. */
export function described(node: Node | null): string {
  const word = writtenText(node)
  if (word !== null) return `"${word.length > 60 ? `${word.slice(0, 57)}…` : word}"`
  if (node === null || isScalar(node)) return 'an empty value'
  return isSeq(node) ? 'a list' : 'a map'
}

function quantity(
  kind: Field<number>['kind'],
  of: Bounds,
  parse: (text: string) => Quantity,
  format: (value: number) => string,
  refine: (value: number) => { why: string; instead: string } | null = () => null,
): Field<number> {
  const { help, initial, min, max } = of
  return {
    kind,
    help,
    min,
    max,
    ...(initial === undefined ? {} : { initial }),
    format,
    read(node) {
      const written = writtenText(node)
      if (written === null) return { ok: false, message: `${described(node)} is not a ${kind}`, suggestion: null }
      const parsed = parse(written)
      if (!parsed.ok) return parsed
      const refined = refine(parsed.value)
      if (refined) return { ok: false, message: `"${written}": ${refined.why}`, suggestion: refined.instead }
      return bounded(parsed.value, of, format)
    },
  }
}

function bounded(value: number, { min, max }: Bounds, format: (value: number) => string): Reading<number> {
  if (value < min) return { ok: false, message: `${format(value)} is less than ${format(min)}`, suggestion: format(min) }
  if (value > max) return { ok: false, message: `${format(value)} is more than ${format(max)}`, suggestion: format(max) }
  return { ok: true, value }
}
