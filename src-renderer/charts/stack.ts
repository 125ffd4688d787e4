/** What the rows of a time stack know about it. */
import { inject, type InjectionKey } from 'vue'

export interface Stack {
  readonly fromMs: number
  readonly toMs: number
  readonly plotPx: number
  /** ms since load start → pixels from the row's left edge */
  x(ms: number): number
}

export const STACK: InjectionKey<Stack> = Symbol('time stack')

export function useStack(): Stack {
  const stack = inject(STACK)
  if (!stack) throw new Error('a row needs a TimeStack round it')
  return stack
}
