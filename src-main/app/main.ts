/** The desktop shell: one window, one engine, one contract between them. All work is in the engine. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, type BrowserWindow, dialog, protocol } from 'electron'
import { dataFolder } from '../lab/launch/paths'
import { ENGINE_IPC, LIVE_IPC } from './bridgeChannels'
import { channelHandlers } from './channels'
import { EngineLink } from './engineLink'
import { handle } from './ipc'
import { setMenu } from './menu'
import { ORIGIN, SCHEME, servePage } from './pages'
import { engineRuntime } from './runtime'
import { openWindow, restrictPages } from './window'

/** how long a closed window waits for the engine to end its run and clean up */
const SHUTDOWN_MS_MAX = 10_000

const here = dirname(fileURLToPath(import.meta.url))
const CHOOSE_FOLDER = { title: 'Faultline', message: 'Folder for the report', buttonLabel: 'Save here' }

async function boot(): Promise<void> {
  if (!app.requestSingleInstanceLock()) return app.quit()
  // enableSandbox() would undo --no-sandbox, without which nothing starts as root
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // Without a graphics device Chromium's GPU process fails to start, and now and then the page hangs waiting for it
  if (process.platform === 'linux' && !existsSync('/dev/dri')) app.disableHardwareAcceleration()
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }])

  let window: BrowserWindow | null = null
  const tell = (channel: string, value: unknown): void => {
    if (window && !window.isDestroyed()) window.webContents.send(channel, value)
  }
  const dataDir = dataFolder().root
  mkdirSync(dataDir, { recursive: true })
  const engine = new EngineLink({
    entry: process.env.FAULTLINE_ENGINE ? resolve(process.env.FAULTLINE_ENGINE) : join(here, 'engine.js'),
    runtime: engineRuntime(process.env, process.versions.node, process.execPath, app.getAppPath()),
    workDir: dataDir,
    logPath: join(dataDir, 'engine.log'),
    onLive: (frame) => tell(LIVE_IPC, frame),
    onStatus: (status) => tell(ENGINE_IPC, status),
  })
  const leave = leaveOnce(engine)
  app.on('before-quit', leave)
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())

  await app.whenReady()
  engine.start()
  setMenu(process.platform)
  restrictPages()
  const pages = join(here, '../renderer')
  protocol.handle(SCHEME, (request) => servePage(request, pages))
  const chooseFolder = async (): Promise<string | null> => {
    const options = { ...CHOOSE_FOLDER, properties: ['openDirectory' as const, 'createDirectory' as const] }
    const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
  }
  const info = { version: app.getVersion(), dataDir, platform: process.platform }
  handle(() => window, channelHandlers({ engine, info, chooseFolder }))

  window = openWindow(join(here, '../preload/preload.cjs'), join(app.getPath('userData'), 'window.json'))
  window.on('close', leave)
  await window.loadURL(`${ORIGIN}/index.html`)
}

/** @returns a handler for every way out: holds it until the engine has cleaned up (bounded), then lets it happen */
function leaveOnce(engine: EngineLink): (event: { preventDefault(): void }) => void {
  let state: 'staying' | 'leaving' | 'free' = 'staying'
  return (event) => {
    if (state === 'free') return
    event.preventDefault()
    if (state === 'leaving') return
    state = 'leaving'
    void engine.shutdown(SHUTDOWN_MS_MAX).finally(() => {
      state = 'free'
      app.quit()
    })
  }
}

boot().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`faultline: the window could not be opened: ${text}\n`)
  dialog.showErrorBox('Faultline could not start', text)
  app.exit(1)
})
