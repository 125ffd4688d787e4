/** Every migration, in order; `user_version` counts those applied. To change the schema, add a file and its line. */
import { sql as runs } from './001-runs'

export const migrations: readonly string[] = [runs]
