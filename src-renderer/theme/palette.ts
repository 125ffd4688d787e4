/** The tokens a canvas needs as plain values, read again whenever the system changes between dark and light. */
import { readonly, shallowRef, type ShallowRef } from 'vue'

const TOKENS = {
  text: '--text',
  textSoft: '--text-soft',
  line: '--line',
  grid: '--grid',
  panel: '--panel',
  ok: '--series-ok',
  fail: '--series-fail',
  unknown: '--series-unknown',
  p50: '--series-p50',
  p99: '--series-p99',
  max: '--series-max',
  availability: '--series-availability',
  font: '--font',
} as const

export type Palette = { readonly [K in keyof typeof TOKENS]: string }

const current = shallowRef<Palette>(read())
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  current.value = read()
})

export function usePalette(): Readonly<ShallowRef<Palette>> {
  return readonly(current) as Readonly<ShallowRef<Palette>>
}

function read(): Palette {
  const style = getComputedStyle(document.documentElement)
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()])
  return Object.fromEntries(entries) as Palette
}
