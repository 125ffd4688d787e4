/** Clocks: of one node, of some, of all together. */
import type { ScriptedNode } from '../../world/node'
import { linksIn, nodesIn } from '../names'
import { isOn, number } from '../scene'
import type { Command } from '../scene'

export const timeCommands: Record<string, Command> = {
  timeout(scene, [id = '', ...words]) {
    scene.drawNext(id, words.map(number))
  },
  timers({ world }, [state]) {
    world.isAboutTimers = isOn(state)
  },
  tick({ world, ids }, words) {
    const some = words.length > 1 ? nodesIn(words[0], ids) : ids
    const ms = number(words.at(-1))
    for (const id of some) world.node(id).advance(ms)
  },
  campaign({ world }, [id = '']) {
    campaign(world.node(id))
  },
  elect({ world, ids }, [id = '']) {
    const node = world.node(id)
    const everywhere = linksIn(undefined, ids)
    world.count(() => {
      campaign(node)
      world.deliver(everywhere)
      node.advance(node.config.heartbeatMs)
      world.deliver(everywhere)
    })
    const { role, term } = node.alive.status()
    if (role !== 'leader') throw new Error(`${id} is no leader after its campaign but ${role} in term ${term}`)
    world.say(`${id}: leads term ${term}`)
  },
  run({ world }, [ms, mode]) {
    if (mode === undefined) return world.run(number(ms))
    if (mode !== 'count') throw new Error(`run: ${mode} is no way to run`)
    const { campaigns, elected, fromTerm, toTerm } = world.count(() => world.run(number(ms)))
    world.say(`${campaigns} campaigns, ${elected} leaders, term ${fromTerm === toTerm ? toTerm : `${fromTerm} to ${toTerm}`}`)
  },
}

/** Its clock goes on until its election timer runs out. */
function campaign(node: ScriptedNode): void {
  if (node.alive.status().role === 'leader') throw new Error(`${node.id} leads already`)
  node.advance(Math.max(0, node.alive.nextTickMs() - node.clockMs))
}
