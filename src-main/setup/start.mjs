// `npm start`: makes everything ready, then opens the app. Without a display it runs the sample experiment headless.
import { findElectron } from './electron.mjs'
import { hasDisplay, installPackages, missingPackages } from './packages.mjs'
import { inRoot, root } from './places.mjs'
import { makeReady } from './ready.mjs'
import { replacedBy } from './replaced-by.mjs'
import { say } from './say.mjs'

const neededThingMissing = 3

if (!(await makeReady())) process.exit(1)
if (hasDisplay()) await openWindow()
else runSample()

async function openWindow() {
  const electron = await findElectron({ log: say })
  if (!electron.ok) {
    say(`${electron.message}\n${electron.remedy}`)
    const missing = await missingPackages({ virtualDisplay: false })
    if (missing.length > 0) say((await installPackages(missing, say)) ?? 'packages were installed: start again')
    process.exit(neededThingMissing)
  }
  if (!electron.official) say(`running in an Electron ${electron.version} stand-in; the official Electron could not be had`)
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [] // Chromium refuses to start its sandbox as root
  replacedBy(electron.executable, [...sandbox, root, ...process.argv.slice(2)], {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: electron.distPath,
    FAULTLINE_NODE_PATH: process.execPath, // what the app starts its engine with where Electron's own Node is too old
  })
}

function runSample() {
  say('no display (neither DISPLAY nor WAYLAND_DISPLAY is set): running the sample experiment without the window')
  replacedBy(process.execPath, [inRoot('out', 'main', 'cli.js'), 'run', inRoot('resources', 'plans', 'leader-crash.yaml')])
}
