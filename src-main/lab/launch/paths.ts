/** Where things live on disk: the data folder, its database, labs in use, and the reports of runs. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DataFolder {
  root: string
  /** the one database, opened by engines only */
  database: string
  /** one folder a lab while its engine lives */
  labs: string
  /** one folder a run: report.json, report.html, history.jsonl */
  runs: string
}

export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): DataFolder {
  const root = resolve(env.FAULTLINE_DATA || platformFolder(env, platform))
  return { root, database: join(root, 'faultline.db'), labs: join(root, 'labs'), runs: join(root, 'runs') }
}

function platformFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir()
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'faultline')
    case 'win32':
      return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'faultline')
    default:
      return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'faultline')
  }
}
