/** A plan performed by the built command line on real processes, and everything that was recorded of it. */
import { join } from 'node:path'
import { substitute } from '@shared/plan/expand'
import type { Call, Schedule } from '@shared/plan/schedule'
import type { FaultSize, FaultStage, NodeSample, RunEvent } from '@shared/run/event'
import type { OperationRecord } from '@shared/run/operation'
import type { Report } from '@shared/run/report'
import { openStore } from '../../../src-main/lab/store/store'
import type { Desk } from '../lab/command-line'

export type FaultEvent = RunEvent & { kind: 'fault' }

export interface Performed {
  report: Report
  stderr: string
  events: RunEvent[]
  samples: readonly NodeSample[]
  /** with the times of the events: ns since the origin */
  operations: (OperationRecord & { sentNs: number; settledNs: number })[]
  /** of one fault, in order */
  stages(id: string): FaultStage[]
  /** @throws when there was no such stage */
  event(id: string, stage: FaultStage): FaultEvent
  /** @throws when it was not measured */
  size(id: string): FaultSize
  /** the dry run's calls with the recorded roles put in */
  calls(id: string): Call[]
  /** between two stages of a fault */
  within<K extends RunEvent['kind']>(id: string, kind: K, from?: FaultStage, to?: FaultStage): Extract<RunEvent, { kind: K }>[]
}

export async function perform(desk: Desk, plan: string): Promise<Performed> {
  const file = desk.file('plan.yaml', plan)
  const ended = await desk.run('run', file, '--json')
  if (!ended.stdout.startsWith('{') || 'error' in (JSON.parse(ended.stdout) as object)) throw new Error(`exit ${ended.code}: ${ended.stdout}${ended.stderr}`)
  const report = JSON.parse(ended.stdout) as Report
  const dry = JSON.parse((await desk.run('plan', 'expand', file, '--json')).stdout) as Schedule
  const store = openStore(join(desk.data, 'faultline.db'))
  const { events, nodeSamples: samples, operations } = store.loadRecords(report.run)
  store.close()
  const startNs = events.find(({ kind }) => kind === 'load-start')!.atNs
  const ofFault = (id: string): FaultEvent[] => events.filter((event): event is FaultEvent => event.kind === 'fault' && event.id === id)
  const event = (id: string, stage: FaultStage): FaultEvent => {
    const found = ofFault(id).find((one) => one.stage === stage)
    if (!found) throw new Error(`${id} was never ${stage}: ${JSON.stringify(ofFault(id).map((one) => [one.stage, one.detail]))}`)
    return found
  }
  return {
    report,
    stderr: ended.stderr,
    events: [...events],
    samples,
    operations: operations.map((operation) => ({ ...operation, sentNs: startNs + operation.start_ns, settledNs: startNs + operation.settled_ns })),
    stages: (id) => ofFault(id).map(({ stage }) => stage),
    event,
    size(id) {
      const { size } = event(id, 'measured')
      if (!size) throw new Error(`${id} was measured without a size`)
      return size
    },
    calls: (id) => substitute(dry.schedule.find((fault) => fault.id === id)!.calls, event(id, 'requested').roles ?? {}),
    within: (id, kind, from = 'requested', to = 'undone') => {
      const [fromNs, toNs] = [event(id, from).atNs, event(id, to).atNs]
      return events.filter((one): one is Extract<RunEvent, { kind: typeof kind }> => one.kind === kind && one.atNs >= fromNs && one.atNs <= toNs)
    },
  }
}
