/** Something fetched through the contract: the last good value stays while a newer one is on its way. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Channel, Failure, RequestOf, ResponseOf } from '@shared/api/contract'
import { ask } from './ask'

export interface Loaded<C extends Channel> {
  value: ShallowRef<ResponseOf<C> | null>
  failure: ShallowRef<Failure | null>
  isLoading: Ref<boolean>
  load(request: RequestOf<C>): Promise<void>
}

export function loaded<C extends Channel>(channel: C): Loaded<C> {
  const value = shallowRef<ResponseOf<C> | null>(null) as ShallowRef<ResponseOf<C> | null>
  const failure = shallowRef<Failure | null>(null)
  const isLoading = ref(false)
  let newest = 0
  async function load(request: RequestOf<C>): Promise<void> {
    const turn = ++newest
    isLoading.value = true
    const result = await ask(channel, request)
    if (turn !== newest) return // a later request has overtaken this one
    isLoading.value = false
    failure.value = result.ok ? null : result.error
    if (result.ok) value.value = result.value
  }
  return { value, failure, isLoading, load }
}
