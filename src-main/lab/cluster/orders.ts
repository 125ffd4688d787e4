/** Orders to child processes that are answered: each has a number, a deadline, and one answer. */
import type { ChildProcess } from 'node:child_process'
import { LabFailure } from '../failure'
import { tell } from '../launch/processes'

const ANSWER_WITHIN_MS = 2_000

export class Orders {
  private last = 0
  private readonly waiting = new Map<number, (failure: string | null) => void>()

  /**
   * @param what in the message when it fails
   * @throws LabFailure `instrument`: refused, not answered in time, or the process ended
   */
  give(child: ChildProcess, order: object, what: string): Promise<void> {
    const number = ++this.last
    return new Promise((resolve, reject) => {
      const settle = (failure: string | null): void => {
        clearTimeout(timer)
        child.off('exit', ended)
        this.waiting.delete(number)
        if (failure === null) resolve()
        else reject(new LabFailure('instrument', `${what}: ${failure}`))
      }
      const timer = setTimeout(() => settle(`no answer within ${ANSWER_WITHIN_MS / 1000} s`), ANSWER_WITHIN_MS)
      const ended = (): void => settle('its process ended')
      child.once('exit', ended)
      this.waiting.set(number, settle)
      tell(child, { ...order, order: number })
    })
  }

  answered(order: number, failure: string | null): void {
    this.waiting.get(order)?.(failure)
  }
}
