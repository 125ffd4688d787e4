/** Messages and links. */
import type { NodeId } from '../../../../src-main/raft/types'
import { printParcel } from '../messages'
import { eachLink, linksIn, nodesIn } from '../names'
import { isOn, number } from '../scene'
import type { Command } from '../scene'

export const networkCommands: Record<string, Command> = {
  delay({ world }, [ms]) {
    world.network.delayMs = number(ms)
  },
  deliver({ world, ids }, [where]) {
    const links = linksIn(where, ids)
    if (where?.includes('->')) world.deliverOnce(links)
    else world.deliver(links)
  },
  trace({ world }, [state]) {
    world.isTracing = isOn(state)
  },
  messages({ world, ids }, [where]) {
    for (const parcel of world.network.on(linksIn(where, ids))) world.say(printParcel(parcel))
  },
  drop({ world, ids }, [where]) {
    world.say(`${world.network.drop(linksIn(where, ids))} lost`)
  },
  hold({ world, ids }, [where, name = '']) {
    world.say(`${world.network.hold(name, linksIn(where, ids))} held`)
  },
  release({ world }, [name = '']) {
    world.network.release(name, world.nowMs)
  },
  cut({ world, ids }, words) {
    for (const word of words) for (const [from, to] of eachLink(linksIn(word, ids), ids)) world.network.cut(from, to)
  },
  partition({ world, ids }, words) {
    const groups = words.join(' ').split('|').map((group) => nodesIn(group.trim(), ids))
    const isTogether = (a: NodeId, b: NodeId): boolean => groups.some((group) => group.includes(a) && group.includes(b))
    for (const [from, to] of eachLink((a, b) => !isTogether(a, b), ids)) world.network.cut(from, to)
  },
  connect({ world, ids }, words) {
    world.network.heal()
    const pairs = words.map((word) => nodesIn(word.replace('-', ','), ids))
    const isLinked = (a: NodeId, b: NodeId): boolean => pairs.some((pair) => pair.includes(a) && pair.includes(b))
    for (const [from, to] of eachLink((a, b) => !isLinked(a, b), ids)) world.network.cut(from, to)
  },
  heal({ world }) {
    world.network.heal()
  },
}
