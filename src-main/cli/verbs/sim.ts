/** Consensus in virtual time. */
import { LabFailure } from '../../lab/failure'
import type { Verb } from '../verb'
import { electionHelp, electionOptions, simElection } from './sim-election'

export const sim: Verb = {
  name: 'sim',
  usage: 'election [--nodes 5] [--timeout 150..300] [--broadcast 15] [--trials 1000] [--seed N] [--logs equal]',
  summary: 'plays leader crashes in virtual time: how long until the next leader',
  example: 'faultline sim election --nodes 5 --timeout 150..300 --broadcast 15 --trials 1000',
  options: { ...electionOptions, nodes: { type: 'string' }, seeds: { type: 'string' }, faults: { type: 'string' } },
  words: [0, 1],
  help: electionHelp,
  async run(args) {
    const [what] = args.positionals
    if (what === undefined) throw new LabFailure('usage', 'sim without "election": whole worlds are not in this version')
    if (what !== 'election') throw new LabFailure('usage', `sim ${what}: no such simulation`, 'did you mean "sim election"?')
    return simElection(args)
  },
}
