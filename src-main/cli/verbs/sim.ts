/** Consensus in virtual time: whole worlds, or only elections. */
import { LabFailure } from '../../lab/failure'
import type { Verb } from '../verb'
import { electionHelp, electionOptions, simElection } from './sim-election'
import { simWorlds, worldHelp, worldOptions } from './sim-worlds'

export const sim: Verb = {
  name: 'sim',
  usage: '[--seeds N|A..B] [--nodes N] [--faults all|none] | sim election [--timeout 150..300] [--broadcast 15] [--trials 1000] …',
  summary: 'plays whole clusters in virtual time and checks every step; sim election: how long until the next leader',
  example: 'faultline sim --seeds 1000 --faults all',
  options: { ...electionOptions, ...worldOptions },
  words: [0, 1],
  help: `${worldHelp}\n\nsim election:\n${electionHelp}`,
  async run(args) {
    const [what] = args.positionals
    if (what === 'election') return simElection(args)
    if (what !== undefined) throw new LabFailure('usage', `sim ${what}: no such simulation`, 'did you mean "sim election"?')
    const stray = Object.keys(electionOptions).find((name) => name !== 'nodes' && args.values[name] !== undefined)
    if (stray !== undefined) throw new LabFailure('usage', `sim without "election" takes no --${stray}`, '--seeds N chooses the worlds')
    return simWorlds(args)
  },
}
