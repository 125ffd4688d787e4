import { describe, expect, it } from 'vitest'
import { faultKinds } from '@shared/plan/faults'
import { observedKinds } from '../../../src-main/lab/faults'

describe('the list of faults', () => {
  it('has an observer for each fault, and no other', () => {
    expect([...observedKinds].sort()).toEqual(faultKinds.map(({ kind }) => kind).sort())
  })
})
