/** Makes the event loop stand still as often and as long as the node was told, by keeping it busy. */
import type { Harms } from './harms'

export function stallLoop(harms: Harms): void {
  let timers: NodeJS.Timeout[] = []
  const follow = (): void => {
    for (const timer of timers) clearInterval(timer)
    timers = harms.of('loop-stall').map(({ stallMs, everyMs }) => setInterval(() => standStill(stallMs), everyMs))
  }
  harms.onChange(follow)
  follow()
}

function standStill(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}
