/** The words a transcript is written in, all of them; the folder's README.md says what they mean. */
import { lookCommands } from './commands/looks'
import { networkCommands } from './commands/network'
import { nodeCommands } from './commands/nodes'
import { requestCommands } from './commands/requests'
import { timeCommands } from './commands/time'
import type { Scene } from './scene'

const COMMANDS = { ...nodeCommands, ...timeCommands, ...networkCommands, ...requestCommands, ...lookCommands }

/** @returns what came of one line */
export function play(scene: Scene, line: string): string[] {
  const [name = '', ...words] = line.trim().split(/\s+/)
  const command = COMMANDS[name]
  if (!command) throw new Error(`${name} is no command; there are ${Object.keys(COMMANDS).join(', ')}`)
  command(scene, words)
  return scene.world.takeLines()
}
