/** How the engine is, as the shell reports it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { engineStatus, type EngineStatus } from '@shared/api/contract'
import { ask } from './ask'

export const useEngine = defineStore('engine', () => {
  const status = shallowRef<EngineStatus | null>(null)
  const isRestarting = ref(false)
  const isGone = computed(() => status.value?.state === 'gone')
  const isStopping = computed(() => status.value?.state === 'stopping')

  /** @returns the unsubscribe */
  function watchEngine(): () => void {
    void ask('engine:status', {}).then((result) => {
      if (result.ok) status.value = result.value
    })
    return window.faultline.onEngine((raw) => {
      const parsed = engineStatus.safeParse(raw)
      if (parsed.success) status.value = parsed.data
    })
  }

  async function restart(): Promise<void> {
    isRestarting.value = true
    const result = await ask('engine:restart', {})
    isRestarting.value = false
    if (result.ok) status.value = result.value
  }

  return { status, isGone, isStopping, isRestarting, watchEngine, restart }
})
