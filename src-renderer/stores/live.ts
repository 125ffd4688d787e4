/**
 * The run in progress. Frames arrive five times a second into plain memory; the screen sees a new one at most four
 * times a second, on an animation frame, and at once when something changed that matters.
 */
import { defineStore } from 'pinia'
import { computed, markRaw, ref, shallowRef } from 'vue'
import type { Failure } from '@shared/api/contract'
import { LIVE_VERSION, liveFrame, type LiveFrame } from '@shared/api/live'
import { ask } from './ask'
import { LiveHistory } from './liveHistory'

const PUBLISH_MS = 250
const STALE_MS = 1_500
const CLOCK_MS = 200
/** silence after which the engine is asked whether there still is a run */
const SILENCE_MS = 4_000

export const useLive = defineStore('live', () => {
  const history = markRaw(new LiveHistory())
  const frame = shallowRef<LiveFrame | null>(null)
  /** counts up whenever `frame` and `history` are worth drawing again */
  const drawn = ref(0)
  const run = ref<string | null>(null)
  const isStarting = ref(false)
  const stopRequestedAtMs = ref<number | null>(null)
  const stopped = shallowRef<{ done: number; of: number } | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const refusedVersion = ref(false)
  /** the engine says that there is no run any more, and its last frame never came */
  const isLost = ref(false)
  const nowMs = ref(performance.now())
  const lastFrameAtMs = ref(0)

  let latest: LiveFrame | null = null
  let publishedAtMs = 0
  let isFlushPlanned = false
  let isAsking = false
  let askedAtMs = 0

  const isRunning = computed(() => run.value !== null)
  const isStopping = computed(() => stopRequestedAtMs.value !== null && isRunning.value)
  /** ms since the last frame once that is too long; null = fresh */
  const staleForMs = computed(() => {
    const age = nowMs.value - lastFrameAtMs.value
    return isRunning.value && frame.value !== null && age > STALE_MS ? age : null
  })

  function receive(raw: unknown): void {
    const parsed = liveFrame.safeParse(raw)
    if (!parsed.success) {
      refusedVersion.value = true
      return
    }
    refusedVersion.value = false
    isLost.value = false
    const isUrgent = isNews(latest, parsed.data)
    latest = parsed.data
    lastFrameAtMs.value = performance.now()
    history.add(latest, lastFrameAtMs.value)
    run.value = latest.ended ? null : latest.run
    if (isUrgent || lastFrameAtMs.value - publishedAtMs >= PUBLISH_MS) planFlush()
  }

  function planFlush(): void {
    if (isFlushPlanned) return
    isFlushPlanned = true
    requestAnimationFrame(() => {
      isFlushPlanned = false
      publishedAtMs = performance.now()
      frame.value = latest
      drawn.value++
    })
  }

  async function start(plan: string): Promise<boolean> {
    if (isStarting.value || isRunning.value) return isRunning.value
    isStarting.value = true
    failure.value = null
    isLost.value = false
    askedAtMs = performance.now()
    stopRequestedAtMs.value = null
    stopped.value = null
    frame.value = null
    const result = await ask('run:start', { plan })
    isStarting.value = false
    failure.value = result.ok ? null : result.error
    if (result.ok && latest?.run !== result.value.run) run.value = result.value.run // else a frame has come first
    return result.ok
  }

  async function stop(): Promise<void> {
    if (!isRunning.value || isStopping.value) return
    stopRequestedAtMs.value = performance.now()
    const result = await ask('run:stop', {})
    if (result.ok) stopped.value = result.value.cleanup
    else {
      failure.value = result.error
      stopRequestedAtMs.value = null
    }
  }

  /** Nobody must wait for frames of a run that is over: after a silence the engine is asked. */
  async function checkSilence(): Promise<void> {
    if (!isRunning.value || isAsking || nowMs.value - Math.max(lastFrameAtMs.value, askedAtMs) < SILENCE_MS) return
    isAsking = true
    const result = await ask('run:current', {})
    isAsking = false
    askedAtMs = performance.now()
    if (!result.ok || result.value.run !== null || !isRunning.value || askedAtMs - lastFrameAtMs.value < SILENCE_MS) return
    isLost.value = true
    abandon()
  }

  /** The engine is gone, so is its run; what it last showed stays on the screen. */
  function abandon(): void {
    run.value = null
    stopRequestedAtMs.value = null
  }

  /** @returns the unsubscribe */
  function watchFrames(): () => void {
    const off = window.faultline.onLive(receive)
    const clock = setInterval(() => {
      nowMs.value = performance.now()
      void checkSilence()
    }, CLOCK_MS)
    void ask('run:current', {}).then((result) => {
      if (result.ok && result.value.run !== null) run.value = result.value.run
    })
    return () => {
      off()
      clearInterval(clock)
    }
  }

  return {
    history, frame, drawn, run, nowMs, isStarting, isRunning, isStopping, stopRequestedAtMs, stopped, staleForMs,
    failure, refusedVersion, isLost, version: LIVE_VERSION, start, stop, abandon, watchFrames,
  }
})

/** Worth showing at once: another run, phase, state or leader, a fault that changed, the end. */
function isNews(before: LiveFrame | null, now: LiveFrame): boolean {
  if (!before || before.run !== now.run || now.ended !== null) return true
  if (before.phase !== now.phase || before.state !== now.state || before.leader?.node !== now.leader?.node) return true
  return now.faults.some((fault, i) => before.faults[i]?.state !== fault.state)
}
