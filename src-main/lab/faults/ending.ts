/**
 * Faults that end together: first those whose processes stand still. A toxic on a link to a stopped receiver can't be
 * removed once its buffers are full (github.com/Shopify/toxiproxy/issues/558), and Toxiproxy would hang.
 */
import type { Lease } from './lease'

/** @returns for each, whether everything was undone; one that throws does not keep the others */
export async function endTogether(leases: readonly Lease[]): Promise<boolean[]> {
  await Promise.allSettled(leases.filter((lease) => lease.resumes).map((lease) => lease.release()))
  const ended = await Promise.allSettled(leases.map((lease) => lease.end()))
  return ended.map((one) => one.status === 'fulfilled' && one.value)
}

/** Ends one whose time is over, after those whose time is over, too. */
export async function endAfter(lease: Lease, due: readonly Lease[]): Promise<boolean> {
  await Promise.all(due.filter((other) => other !== lease && other.resumes).map((other) => other.release()))
  return lease.end()
}
