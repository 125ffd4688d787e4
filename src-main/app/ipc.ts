/**
 * The one door between page and shell. A call is answered only if it comes from our window's main frame at our own
 * origin, names a channel of the contract and carries what that channel takes; the answer is checked as well.
 */
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import { contract, type Channel, type RequestOf, type ResponseOf, type Result } from '@shared/api/contract'
import { CALL_IPC } from './bridgeChannels'
import { ORIGIN } from './pages'

export type Handlers = { [C in Channel]: (request: RequestOf<C>) => Promise<Result<ResponseOf<C>>> }

/** @param ownWindow the window that may call, or null while there is none */
export function handle(ownWindow: () => BrowserWindow | null, handlers: Handlers): void {
  ipcMain.handle(CALL_IPC, async (event, channel: unknown, request: unknown): Promise<Result<unknown>> => {
    if (!isOurs(event, ownWindow())) return refused('forbidden', 'This page may not call the lab.')
    if (!isChannel(channel)) return refused('unknown-channel', `There is no channel ${JSON.stringify(channel)}.`)
    return answer(channel, request, handlers)
  })
}

async function answer<C extends Channel>(channel: C, request: unknown, handlers: Handlers): Promise<Result<unknown>> {
  const asked = contract[channel].request.safeParse(request)
  if (!asked.success) return refused('bad-request', `${channel}: ${asked.error.message}`)
  const result = await handlers[channel](asked.data as RequestOf<C>).catch((error: unknown) => {
    process.stderr.write(`faultline: ${channel} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
    return refused('internal', `${channel} failed: ${String(error)}`)
  })
  if (!result.ok) return result
  const given = contract[channel].response.safeParse(result.value)
  return given.success ? { ok: true, value: given.data } : refused('bad-answer', `${channel}: ${given.error.message}`)
}

function isOurs(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame
  if (!frame || !window || window.isDestroyed()) return false
  return event.sender === window.webContents && frame === window.webContents.mainFrame && frame.origin === ORIGIN
}

function isChannel(channel: unknown): channel is Channel {
  return typeof channel === 'string' && Object.hasOwn(contract, channel)
}

function refused(code: string, message: string): { ok: false; error: { code: string; message: string; remedy: null } } {
  return { ok: false, error: { code, message, remedy: null } }
}
