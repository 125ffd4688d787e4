/** Clusters, nodes and their disks. */
import type { Entry } from '../../../../src-main/raft/types'
import { bytes, isOn, number } from '../scene'
import type { Command } from '../scene'

export const nodeCommands: Record<string, Command> = {
  cluster(scene, words) {
    scene.begin(words)
  },
  join(scene, [id = '']) {
    if (scene.world.nodes.has(id)) throw new Error(`${id} is there already`)
    scene.join(id)
  },
  disk({ world }, [id = '', ...words]) {
    const node = world.node(id)
    const at = words.indexOf('term')
    const terms = (at < 0 ? words : words.slice(0, at)).map(number)
    const entries = terms.map((term, i): Entry => ({ index: i + 1, term, type: 'command', data: bytes(`${i + 1}/${term}`) }))
    node.crash()
    node.disk.entries = entries
    node.disk.hardState = { term: at < 0 ? (terms.at(-1) ?? 0) : number(words[at + 1]), vote: null }
    node.start()
  },
  crash({ world }, words) {
    for (const id of words) world.node(id).crash()
  },
  restart({ world }, words) {
    for (const id of words) world.node(id).start()
  },
  pause({ world }, words) {
    for (const id of words) world.node(id).isPaused = true
  },
  resume({ world }, words) {
    for (const id of words) world.node(id).isPaused = false
  },
  persist({ world }, [id = '', state]) {
    const node = world.node(id)
    if (state === 'one') return node.write(1)
    node.isDiskStalled = !isOn(state)
    if (!node.isDiskStalled) node.write()
  },
  snapshot({ world }, [id = '']) {
    world.say(`${id}: its snapshot ends at ${world.node(id).takeSnapshot()}`)
  },
  compact({ world }, [id = '', index]) {
    world.node(id).compact(number(index))
  },
}
