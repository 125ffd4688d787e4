/** Every fault that a plan can have. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { loaded } from './loaded'

export const useCatalogue = defineStore('catalogue', () => {
  const { value, failure, isLoading, load } = loaded('faults:list')
  const faults = computed(() => value.value ?? [])
  return { faults, failure, isLoading, load: () => load({}) }
})
