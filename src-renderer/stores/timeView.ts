/** One stretch of time and one cursor for every lane and chart of the result. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

export const useTimeView = defineStore('timeView', () => {
  const whole = ref<[number, number]>([0, 1])
  const t0 = ref(0)
  const t1 = ref(1)
  const hoverMs = ref<number | null>(null)
  const pinnedMs = ref<number | null>(null)
  const cursorMs = computed(() => pinnedMs.value ?? hoverMs.value)
  const isZoomed = computed(() => t0.value !== whole.value[0] || t1.value !== whole.value[1])

  function show(fromMs: number, toMs: number): void {
    whole.value = [fromMs, Math.max(toMs, fromMs + 1)]
    reset()
  }

  function zoom(fromMs: number, toMs: number): void {
    const [low, high] = whole.value
    t0.value = Math.max(low, fromMs)
    t1.value = Math.min(high, toMs)
  }

  function reset(): void {
    ;[t0.value, t1.value] = whole.value
    hoverMs.value = null
    pinnedMs.value = null
  }

  /** @param ms null = release */
  function pin(ms: number | null): void {
    pinnedMs.value = ms
  }

  return { t0, t1, hoverMs, pinnedMs, cursorMs, isZoomed, show, zoom, reset, pin }
})
