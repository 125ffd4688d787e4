/** The page's only way out: three named functions, no Electron object. Everything is checked again in the shell. */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Bridge } from '@shared/api/contract'
import { CALL_IPC, ENGINE_IPC, LIVE_IPC } from './bridgeChannels'

function subscribe(channel: string, listener: (value: unknown) => void): () => void {
  const relay = (_event: IpcRendererEvent, value: unknown): void => listener(value)
  ipcRenderer.on(channel, relay)
  return () => {
    ipcRenderer.off(channel, relay)
  }
}

const bridge: Bridge = {
  call: (channel, request) => ipcRenderer.invoke(CALL_IPC, channel, request),
  onLive: (listener) => subscribe(LIVE_IPC, listener),
  onEngine: (listener) => subscribe(ENGINE_IPC, listener),
}

contextBridge.exposeInMainWorld('faultline', bridge)
