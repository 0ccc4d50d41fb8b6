import { expect, test } from 'vitest'
import { leavesOf } from '../../src/policy/leaves.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { compose } from './weighing.ts'

const policy = (more: Partial<Policy>): Policy => ({ gates: {}, ...more })
const merge = (chains: readonly (readonly Policy[])[], own: Policy | null = null) => leavesOf(chains, own).merge

test('nothing is merged by the app unless a policy says so, and none says otherwise', () => {
  const yes = policy({ merge: { automatic: true, method: 'rebase' } })
  const no = policy({ merge: { automatic: false } })
  expect(merge([[policy({})]])).toMatchObject({ automatic: false, method: 'squash' })
  expect(merge([[yes]])).toMatchObject({ automatic: true, method: 'rebase' })
  expect(merge([[no, yes]]).automatic).toBe(false)
  expect(merge([[yes], [no]]).automatic).toBe(false)
  expect(merge([[yes]], no).automatic).toBe(false)
  expect(merge([[policy({})]], yes).automatic).toBe(false)
})

test('policies that ask for different ways to merge leave it to a person', () => {
  const way = (method: 'merge' | 'squash') => policy({ merge: { automatic: true, method } })
  expect(merge([[way('merge')], [way('squash')]])).toMatchObject({ automatic: false })
  expect(merge([[way('merge'), way('squash')]])).toMatchObject({ automatic: true, method: 'squash' })
})

test('of policies that apply together all must let a gate be waived, by one role, and the narrowest counts', () => {
  const drift = (by: string, max: string, count?: number) => policy({ waivable: { drift: { by, max, count } } })
  const of = (...chains: (readonly Policy[])[]) => leavesOf(chains, null).waivable.get('drift')
  expect(of([drift('risk', '14d')])).toEqual({ by: 'risk', max: '14d', count: 1 })
  expect(of([drift('risk', '14d')], [policy({})])).toBe(undefined)
  expect(of([drift('risk', '14d')], [drift('ops', '14d')])).toBe(undefined)
  expect(of([drift('risk', '14d')], [drift('risk', '48h', 2)])).toEqual({ by: 'risk', max: '48h', count: 2 })
  expect(of([drift('risk', '14d'), drift('ops', '1d')])).toEqual({ by: 'ops', max: '1d', count: 1 })
  expect(leavesOf([[policy({})]], drift('risk', '1d')).waivable.size).toBe(0)
})

test('a composition carries what its files allow', () => {
  const text = 'gates: {}\nmerge: {automatic: true}\nwaivable: {drift: {by: risk, max: 7d}}\n'
  const { leaves } = compose({ 'policies/p.yml': text })
  expect(leaves.merge.automatic).toBe(true)
  expect([...leaves.waivable]).toEqual([['drift', { by: 'risk', max: '7d', count: 1 }]])
})
