/** Looking: nothing changes. */
import type { ScriptedNode } from '../../world/node'
import { nodesIn } from '../names'
import type { Command, Scene } from '../scene'
import { entriesLine, logLine, membersLine, progressLines, stateLine, statusLine } from '../views'

export const lookCommands: Record<string, Command> = {
  status: each(statusLine),
  log: each(logLine),
  entries: each(entriesLine),
  state: each(stateLine),
  members: each(membersLine),
  progress({ world }, [id = '']) {
    for (const line of progressLines(world.node(id))) world.say(line)
  },
}

/** @returns a command that says one line of each node, or of the nodes it is asked for */
function each(view: (node: ScriptedNode) => string): Command {
  return ({ world, ids }: Scene, [some]) => {
    for (const id of nodesIn(some, ids)) world.say(view(world.node(id)))
  }
}
