/** The one result that is open, and saving it. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Failure } from '@shared/api/contract'
import { ask } from './ask'
import { loaded } from './loaded'

type Format = 'html' | 'json'

export const useResult = defineStore('result', () => {
  const { value: model, failure, isLoading, load } = loaded('run:result')
  const saving = ref<Format | null>(null)
  const savedPath = ref<string | null>(null)
  const saveFailure = shallowRef<Failure | null>(null)

  /** the fault whose record is open */
  const faultId = ref<string | null>(null)

  async function open(run: string): Promise<void> {
    if (model.value?.report.run !== run) model.value = null
    faultId.value = null
    savedPath.value = null
    saveFailure.value = null
    await load({ run })
  }

  async function save(format: Format): Promise<void> {
    const run = model.value?.report.run
    if (!run || saving.value) return
    saving.value = format
    const result = await ask('report:save', { run, format })
    saving.value = null
    saveFailure.value = result.ok ? null : result.error
    if (result.ok && result.value.path !== null) savedPath.value = result.value.path
  }

  return { model, failure, isLoading, faultId, open, saving, savedPath, saveFailure, save }
})
