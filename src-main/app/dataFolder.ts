/** Where runs are kept: one rule for window and command line, overridden by FAULTLINE_DATA. */
import { posix, win32 } from 'node:path'

/**
 * @param env the process environment
 * @param home the person's home folder
 * @returns absolute path of the data folder
 */
export function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const path = platform === 'win32' ? win32 : posix
  if (env.FAULTLINE_DATA) return path.resolve(env.FAULTLINE_DATA)
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'faultline')
  if (platform === 'win32') return path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), 'faultline')
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'faultline')
}
