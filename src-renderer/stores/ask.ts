/** The page's end of the contract: asks the shell and parses what comes back. Never throws; a failure is a value. */
import { contract, type Channel, type Failure, type RequestOf, type ResponseOf, type Result } from '@shared/api/contract'

export async function ask<C extends Channel>(channel: C, request: RequestOf<C>): Promise<Result<ResponseOf<C>>> {
  const result = await window.faultline.call(channel, request).catch((error: unknown) => refused(String(error)))
  if (!result.ok) return result
  const parsed = contract[channel].response.safeParse(result.value)
  return parsed.success ? { ok: true, value: parsed.data as ResponseOf<C> } : refused(`${channel}: ${parsed.error.message}`)
}

function refused(message: string): { ok: false; error: Failure } {
  return { ok: false, error: { code: 'window', message, remedy: null } }
}
