/**
 * Runs inside the Electron stand-in, in place of Electron's default app: `electron [-r MODULE] [switches] APP [args]`.
 * An ES module whose top level awaits the app's main file: Electron is not "ready" before that has run.
 */
import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const { appPath, preloads } = parse(process.argv.slice(1))
process.defaultApp = true
if (appPath === null) {
  process.stderr.write('electron: no app folder was given\n')
  app.exit(1)
} else {
  Module._preloadModules(preloads) // what Playwright hands in with -r comes first
  try {
    await import(pathToFileURL(mainOf(appPath)).href)
  } catch (error) {
    process.stderr.write(`electron: ${error instanceof Error ? error.stack : error}\n`)
    app.exit(1)
  }
}

/** @param {string[]} args */
function parse(args) {
  const preloads = []
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i])
    else if (!args[i].startsWith('-')) return { appPath: path.resolve(args[i]), preloads }
  }
  return { appPath: null, preloads }
}

/** Names the app after its package, as Electron does. @param {string} given a folder or a file */
function mainOf(given) {
  if (!fs.statSync(given).isDirectory()) {
    app.setAppPath(path.dirname(given))
    return given
  }
  const about = JSON.parse(fs.readFileSync(path.join(given, 'package.json'), 'utf8'))
  app.setName(about.productName ?? about.name)
  if (about.version) app.setVersion(about.version)
  app.setAppPath(given)
  return path.resolve(given, about.main ?? 'index.js')
}
