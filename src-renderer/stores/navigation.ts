/** Which screen is shown. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Screen = 'home' | 'live' | 'runs' | 'result' | 'scenarios' | 'faults'

export const useNavigation = defineStore('navigation', () => {
  const screen = ref<Screen>('home')
  const isHelpOpen = ref(false)
  function go(to: Screen): void {
    screen.value = to
  }
  return { screen, isHelpOpen, go }
})
