/** Incidents as pairs of plans, and the one that is being read. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { loaded } from './loaded'

export const useScenarios = defineStore('scenarios', () => {
  const { value, failure, isLoading, load } = loaded('scenarios:list')
  const scenarios = computed(() => value.value ?? [])
  const isKnown = computed(() => value.value !== null)
  const openId = ref<string | null>(null)
  const open = computed(() => scenarios.value.find(({ id }) => id === openId.value) ?? scenarios.value[0] ?? null)
  return { scenarios, isKnown, openId, open, failure, isLoading, load: () => load({}) }
})
