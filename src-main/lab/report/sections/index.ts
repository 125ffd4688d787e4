/** The report's sections, in reading order. */
import { appendix } from './appendix'
import { expectations } from './expectations'
import { faults } from './faults'
import { latency } from './latency'
import { limits } from './limits'
import { linearizability } from './linearizability'
import { raft } from './raft'
import { recovery } from './recovery'
import { recoveryPerKind } from './recovery-by-kind'
import { reproduce } from './reproduce'
import type { Section } from './section'
import { service } from './service'
import { timeline } from './timeline'
import { verdict } from './verdict'

export const sections: readonly Section[] = [
  verdict,
  expectations,
  service,
  timeline,
  recovery,
  recoveryPerKind,
  faults,
  latency,
  linearizability,
  raft,
  limits,
  reproduce,
  appendix,
]
