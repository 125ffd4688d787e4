/**
 * Which Node runs the engine. The engine needs Node ≥ 22.14 (N-API 10, for SQLite): an official Electron brings that
 * and runs as Node; an older Electron used for development can't, so a plain Node beside it takes over.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface Runtime {
  execPath: string
  env: NodeJS.ProcessEnv
}

const NEEDED: readonly [number, number] = [22, 14]

/**
 * @param env the shell's environment; FAULTLINE_NODE_PATH names a Node to use
 * @param ownNode version of the Node inside this Electron, e.g. "24.11.0"
 * @param ownExecPath the Electron binary
 * @param appRoot folder that holds the app's package.json
 * @returns null when no suitable Node was found
 */
export function engineRuntime(env: NodeJS.ProcessEnv, ownNode: string, ownExecPath: string, appRoot: string): Runtime | null {
  const plainEnv = withoutNodeSwitches(env)
  if (env.FAULTLINE_NODE_PATH) return { execPath: env.FAULTLINE_NODE_PATH, env: plainEnv }
  if (isNewEnough(ownNode)) return { execPath: ownExecPath, env: { ...plainEnv, ELECTRON_RUN_AS_NODE: '1' } }
  const developmentNode = join(appRoot, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(developmentNode) ? { execPath: developmentNode, env: plainEnv } : null
}

/** Both would change what a child is or how it starts, if they leaked in from the surroundings. */
export function withoutNodeSwitches(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _runAsNode, NODE_OPTIONS: _nodeOptions, ...rest } = env
  return rest
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}
