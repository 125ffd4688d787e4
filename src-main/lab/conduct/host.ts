/** What a run was made on and with: stored with it, since numbers mean little without. */
import { cpus, release, type } from 'node:os'
import type { Host } from '@shared/run/report'
import pkg from '../../../package.json' with { type: 'json' }

export const VERSION = pkg.version

export function hostOf(toxiproxyVersion: string): Host {
  const processors = cpus()
  return {
    os: `${type()} ${release()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.versions.node,
    toxiproxy: toxiproxyVersion,
    raft: `faultline ${VERSION}`,
  }
}
