/** The plans that come with the app, and which of them is the sample. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { loaded } from './loaded'

/** the sample's id among the bundled plans */
export const SAMPLE_PLAN = 'leader-crash'

export const usePlans = defineStore('plans', () => {
  const { value, failure, isLoading, load } = loaded('plans:list')
  const plans = computed(() => value.value ?? [])
  const sample = computed(() => plans.value.find((plan) => plan.id === SAMPLE_PLAN) ?? plans.value[0] ?? null)
  /** the plan the keyboard's "run" means; null = the sample */
  const selectedId = ref<string | null>(null)
  const selected = computed(() => plans.value.find((plan) => plan.id === selectedId.value) ?? sample.value)
  return { plans, sample, selected, selectedId, failure, isLoading, load: () => load({}) }
})
