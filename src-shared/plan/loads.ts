/** What is asked about all client groups together. */
import type { LoadSettings, Plan } from './plan'

type Loads = Pick<Plan, 'loads'>

/** The group that stands for the load where only one can: its proxies are those that `up` prints. There is always one. */
export const firstLoad = ({ loads }: Loads): LoadSettings => loads[0]!

export const groupNames = ({ loads }: Loads): string[] => loads.map(({ name }) => name)

export const totalRatePerS = ({ loads }: Loads): number => loads.reduce((sum, { ratePerS }) => sum + ratePerS, 0)

/** Longest time from the first byte sent (or the connection attempt) to the deadline, of any group. */
export const longestDeadlineMs = ({ loads }: Loads): number =>
  Math.max(...loads.map(({ client }) => client.connectTimeoutMs + client.readTimeoutMs))

/** Longest time from an intended start until a request is settled: it may wait for a connection of the pool first. */
export const longestSettlingMs = ({ loads }: Loads): number =>
  Math.max(...loads.map(({ client }) => 2 * client.connectTimeoutMs + client.readTimeoutMs))

/** Clients of several groups carry their group's name: `web/c3`. */
export const clientPrefix = (group: string, plan: Loads): string => (plan.loads.length === 1 ? '' : `${group}/`)

/** @returns whether an operation of this client is one of the group's */
export function isOfGroup(client: string, group: string, plan: Loads): boolean {
  return client.startsWith(clientPrefix(group, plan))
}
