/**
 * Conditions in a plan's own words: `>= 95%` of an expectation, `availability < 20% for 20s` of a guard.
 * The metric decides how the value is written: a percentage, a duration, a count, or a word.
 */
import type { Comparison, Metric } from './plan'
import { linearizableWords, metrics, type MetricUnit } from './metrics'
import { nearestWord } from './nearest'
import type { Reading } from './field'
import { parseDuration, parsePercentage, parseRate } from './units'

const comparisons: readonly Comparison[] = ['<=', '>=', '==', '!=', '<', '>']

/** What people write instead of an operator. */
const operatorSlips: Record<string, Comparison> = { '=': '==', '=<': '<=', '=>': '>=', '===': '==', '<>': '!=', '≤': '<=', '≥': '>=', '≠': '!=' }

export interface Condition {
  comparison: Comparison
  value: number | string
}

/** What a condition is about. */
export interface Measured {
  name: string
  unit: MetricUnit
  /** the comparison that a value without one most likely means */
  usual: Comparison
  /** whether it can be below 0 */
  isSigned: boolean
}

/** An expectation's metric. */
export function measuredOf(metric: Metric): Measured {
  const usual = metric === 'availability' ? '>=' : metric === 'lost_writes' ? '==' : '<='
  // Service can be back before the heal; everything else begins at 0.
  return { name: metric, unit: metrics[metric].unit, usual, isSigned: metric === 'recovery.from_heal' }
}

/** Reads `OP VALUE`; a word alone means `==`. */
export function parseCondition(text: string, { name, unit, usual, isSigned }: Measured): Reading<Condition> {
  const match = /^\s*([^\w\s.%-]{0,3})\s*(.*?)\s*$/s.exec(text)
  const [, operator = '', rest = ''] = match ?? []
  const comparison = comparisons.find((candidate) => candidate === operator)
  if (comparison === undefined) {
    if (operator === '' && unit === 'word') return word('==', rest)
    const meant = Object.hasOwn(operatorSlips, operator) ? operatorSlips[operator]! : operator === '' && rest !== '' ? usual : null
    const value = meant === null ? null : valueOf(rest, unit)
    return {
      ok: false,
      message: `"${text}" does not begin with one of < <= > >= == !=`,
      suggestion: value?.ok ? `"${meant} ${rest}"` : meant === null ? null : `"${meant} ${value?.suggestion ?? rest}"`,
    }
  }
  if (unit === 'word') return word(comparison, rest)
  const value = valueOf(rest, unit)
  if (!value.ok) return { ...value, suggestion: value.suggestion === null ? null : `"${comparison} ${value.suggestion}"` }
  if (unit === 'ratio' && (value.value < 0 || value.value > 1)) {
    return { ok: false, message: `"${text}": ${name} lies between 0% and 100%`, suggestion: `"${comparison} ${value.value < 0 ? 0 : 100}%"` }
  }
  if (value.value < 0 && !isSigned) return { ok: false, message: `"${text}": ${name} is never negative`, suggestion: `"${comparison} ${rest.slice(1)}"` }
  return { ok: true, value: { comparison, value: value.value } }
}

/** Splits `METRIC OP VALUE [for DURATION]`; the parts are judged by the caller. */
export function splitCondition(text: string): { metric: string; condition: string; duration: string | null } | null {
  const match = /^\s*([a-z][\w.]*)\s*([^\w\s].*?)(?:\s+for\s+(\S.*?))?\s*$/is.exec(text)
  return match ? { metric: match[1]!, condition: match[2]!, duration: match[3] ?? null } : null
}

/** A limit of fewer units than this was meant in seconds. */
const FEW = 50

function valueOf(text: string, unit: MetricUnit): Reading<number> {
  if (unit === 'ratio') {
    const read = parsePercentage(text)
    if (read.ok || !/^0?\.\d+$|^[01]$/.test(text)) return read
    const percent = `${Number((Number(text) * 100).toPrecision(12))}%`
    return { ok: false, message: `"${text}" has no unit: a ratio is written as a percentage, like ${percent}`, suggestion: percent }
  }
  if (unit === 'duration') return parseDuration(text, Number(text) < FEW ? 's' : 'ms')
  if (unit === 'rate') return parseRate(text)
  if (/^-?\d+$/.test(text)) return { ok: true, value: Number(text) }
  const digits = /^-?\d+/.exec(text)?.[0] ?? null
  return { ok: false, message: `"${text}" is not a count (a whole number without unit)`, suggestion: digits }
}

function word(comparison: Comparison, text: string): Reading<Condition> {
  if (comparison !== '==' && comparison !== '!=') {
    return { ok: false, message: `"${comparison}" does not go with a word: write == or !=`, suggestion: `"${text}"` }
  }
  const known = linearizableWords.find((candidate) => candidate === text)
  if (known !== undefined) return { ok: true, value: { comparison, value: known } }
  const nearest = nearestWord(text, linearizableWords)
  return { ok: false, message: `"${text}" is not one of ${linearizableWords.join(', ')}`, suggestion: nearest && `"${nearest}"` }
}
