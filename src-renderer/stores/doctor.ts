/** What this computer lacks for a run, as the engine's doctor found it. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { loaded } from './loaded'

export const useDoctor = defineStore('doctor', () => {
  const { value, failure, isLoading, load } = loaded('app:doctor')
  const missing = computed(() => (value.value?.checks ?? []).filter((check) => !check.ok))
  const isReady = computed(() => value.value?.ok ?? null)
  return { missing, isReady, failure, isLoading, load: () => load({}) }
})
