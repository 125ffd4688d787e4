/** The keys of the whole window; off while someone types into a field. */
import { onBeforeUnmount, onMounted } from 'vue'
import { useLive } from './stores/live'
import { useNavigation } from './stores/navigation'
import { usePlans } from './stores/plans'
import { useTimeView } from './stores/timeView'

export function useKeys(): void {
  const navigation = useNavigation()
  const plans = usePlans()
  const live = useLive()
  const timeView = useTimeView()

  async function runSelected(): Promise<void> {
    const plan = plans.selected
    if (plan && !live.isRunning && (await live.start(plan.id))) navigation.go('live')
  }

  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return // a dialog has used it up
    if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')) return
    const action = actionOf(event)
    if (!action) return
    event.preventDefault()
    action()
  }

  function actionOf(event: KeyboardEvent): (() => void) | null {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey
    if (isCommand && event.shiftKey) return event.code === 'Period' ? () => void live.stop() : null
    if (isCommand) {
      switch (event.key) {
        case '1':
          return () => navigation.go('home')
        case '2':
          return () => navigation.go('live')
        case '3':
          return () => navigation.go('runs')
        case '4':
          return () => navigation.go('scenarios')
        case '5':
          return () => navigation.go('faults')
        case 'Enter':
          return () => void runSelected()
        default:
          return null
      }
    }
    if (event.key === '?') return () => (navigation.isHelpOpen = true)
    if (event.key === 'Escape' && navigation.screen === 'result' && !navigation.isHelpOpen) return () => timeView.reset()
    return null
  }

  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
