/**
 * The ways a person, a terminal or a parent ends us. A terminal's Ctrl-C arrives twice (npm passes its own on), so a
 * second signal within a second is ignored; a later one is, too, since the clean-up is already going on.
 */

const PARENT_LOOK_MS = 250

/** @param onStop called once; @returns takes the handlers away again */
export function onInterrupt(onStop: (by: string) => void): () => void {
  let stopped = false
  const stop = (by: string) => {
    if (stopped) return
    stopped = true
    onStop(by)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const listeners = signals.map((signal) => {
    const listener = () => stop(signal)
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  const watch = watchParent(() => stop('the parent process ended'))
  return () => {
    for (const remove of listeners) remove()
    clearInterval(watch)
  }
}

/** npm may be killed without a word to us; then we belong to somebody else all of a sudden. */
function watchParent(onGone: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  return setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, PARENT_LOOK_MS).unref()
}
