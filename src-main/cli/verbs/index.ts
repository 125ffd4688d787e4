/** The one list of verbs: usage, help and dispatch come from it. */
import type { Verb } from '../verb'
import { check } from './check'
import { clean } from './clean'
import { doctor } from './doctor'
import { faults } from './faults'
import { plan } from './plan'
import { report } from './report'
import { run } from './run'
import { runs } from './runs'
import { scenarios } from './scenarios'
import { show } from './show'
import { sim } from './sim'
import { up } from './up'

export const verbs: readonly Verb[] = [doctor, run, plan, faults, up, runs, show, report, check, scenarios, sim, clean]

/** Names that a later version knows: refused by name, never ignored. */
export const laterVerbs: readonly string[] = ['compare']
