/** What a verb of the command line is; `verbs/index.ts` names them all. */
import type { ParseArgsConfig } from 'node:util'

export interface VerbArguments {
  positionals: string[]
  values: Record<string, string | boolean | undefined>
  /** print one JSON document on stdout, everything else on stderr */
  json: boolean
}

export interface Verb {
  name: string
  /** what follows the name, e.g. `PLAN [--seed N]` */
  usage: string
  summary: string
  /** a whole command line */
  example: string
  options: NonNullable<ParseArgsConfig['options']>
  /** how many words beside options: fewest and most */
  words: [number, number]
  /** lines for `--help` beside the options */
  help?: string
  /** @returns the exit code */
  run(args: VerbArguments): Promise<number>
}
