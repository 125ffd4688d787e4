/** Everything that was recorded, newest first. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { loaded } from './loaded'

export const useRuns = defineStore('runs', () => {
  const { value, failure, isLoading, load } = loaded('runs:list')
  const runs = computed(() => value.value ?? [])
  const isKnown = computed(() => value.value !== null)
  return { runs, isKnown, failure, isLoading, load: () => load({}) }
})
