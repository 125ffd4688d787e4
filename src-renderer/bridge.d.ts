// What the preload puts on the page.
import type { Bridge } from '@shared/api/contract'

declare global {
  interface Window {
    readonly faultline: Bridge
  }
}
