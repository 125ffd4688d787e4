/** Makes the one window: sandboxed, isolated, kept on our own pages, in the place it had last time. */
import { app, BrowserWindow, nativeTheme, screen, session } from 'electron'
import { ORIGIN } from './pages'
import { placeWindow, readWindowState, SIZE_MIN, writeWindowState } from './windowState'

export function openWindow(preload: string, statePath: string): BrowserWindow {
  const saved = readWindowState(statePath)
  const window = new BrowserWindow({
    ...placeWindow(saved, screen.getAllDisplays().map((display) => display.workArea)),
    minWidth: SIZE_MIN.width,
    minHeight: SIZE_MIN.height,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171A' : '#F6F7F8', // no flash before the first paint
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, spellcheck: false },
  })
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => writeWindowState(statePath, { ...window.getNormalBounds(), maximized: window.isMaximized() }))
  window.webContents.on('render-process-gone', (_event, details) => {
    process.stderr.write(`faultline: the page ended (${details.reason}); loading it again\n`)
    if (details.reason !== 'clean-exit') window.webContents.reload()
  })
  return window
}

/** Nothing may be asked for, opened, embedded or gone to, by any page this process ever shows. */
export function restrictPages(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  app.on('web-contents-created', (_event, contents) => {
    const stayHome = (event: { preventDefault(): void }, address: string): void => {
      if (!isOwnAddress(address)) event.preventDefault()
    }
    contents.on('will-navigate', (event) => stayHome(event, event.url))
    contents.on('will-redirect', (event) => stayHome(event, event.url))
    contents.on('will-frame-navigate', (event) => stayHome(event, event.url))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** `URL.origin` of a custom scheme is "null" in Node, so scheme and host are compared. */
function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return `${url.protocol}//${url.host}` === ORIGIN
}
