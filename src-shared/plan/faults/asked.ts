/** What a fault was asked to be, in the plan's own words: for the live view, the result and the report. */
import type { FaultValues } from '../plan'
import { faultOf } from './index'

export interface AskedParameter {
  name: string
  /** as a plan would say it */
  value: string
  help: string
  /** the plan need not have said it */
  isUsual: boolean
}

/** Parameters that were left out and have no usual value are not there. */
export function askedOf(kind: string, values: FaultValues): AskedParameter[] {
  return Object.entries(faultOf(kind).parameters).flatMap(([name, field]) => {
    const value = values[name]
    if (value === null || value === undefined) return []
    return [{ name, value: field.format(value), help: field.help, isUsual: value === field.initial }]
  })
}

/** `latency 100ms, jitter 20ms`: what makes it this one; empty where nothing is to be said. */
export function askedText(kind: string, values: FaultValues): string {
  return telling(kind, values).map(({ name, value }) => `${name} ${value}`).join(', ')
}

/** `100ms`: the one value that tells most, for where there is little room. */
export function shortText(kind: string, values: FaultValues): string {
  return telling(kind, values)[0]?.value ?? ''
}

const telling = (kind: string, values: FaultValues): AskedParameter[] => askedOf(kind, values).filter(({ isUsual }) => !isUsual)
