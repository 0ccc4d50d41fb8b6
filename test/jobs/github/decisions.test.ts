import { describe, expect, test } from 'vitest'
import { concernedPulls, concernsOfPush } from '../../../src/jobs/github/concerned-pulls.ts'
import { governedBranches } from '../../../src/jobs/github/governed-branches.ts'
import { keyAt } from '../../../src/jobs/github/read-people.ts'
import { groupOf } from '../../../src/jobs/github/weigh-group.ts'
import type { ChangedPath } from '../../../src/registry/change.ts'

const CONFIGURATION = `version: 1
branches: [main, release]
store: {artifacts: 's3://acme-models'}
environments: [{name: production, manifests: deploy/production, policy: weighbridge/baseline}]
`

describe('governed branches', () => {
  test('are the default branch and those that its own configuration names', () => {
    const governed = governedBranches(CONFIGURATION, 'main', [])

    expect(['main', 'release', 'lax'].map((ref) => governed.is(ref))).toEqual([true, true, false])
  })

  test('are still governed when the configuration is broken, and the default branch always is', () => {
    const broken = governedBranches('version: 2', 'main', ['release'])
    const none = governedBranches(null, 'main', ['release'])

    expect([broken.is('release'), broken.is('main'), broken.configuration]).toEqual([true, true, null])
    expect([none.is('release'), none.is('main')]).toEqual([false, true])
  })
})

describe('a push re-opens', () => {
  const configuration = governedBranches(CONFIGURATION, 'main', []).configuration
  const repository = { id: 42, owner: 'acme', name: 'risk', installation: 1 }
  const marks: Record<string, unknown> = {
    'concerns:42#1': { models: ['churn'], environments: ['production'], policy: false },
    'concerns:42#2': { models: ['fraud'], environments: [], policy: false },
    'concerns:42#3': { models: [], environments: [], policy: false },
    'concerns:42#4': { models: [], environments: [], policy: true },
  }
  const inbox = { mark: (name: string) => (name in marks ? JSON.stringify(marks[name]) : null) }
  const pulls = [1, 2, 3, 4, 5].map((number) => ({
    number,
    headSha: `${number}`,
    headRef: null,
    isDraft: false,
    rollUp: null,
  }))
  const reopened = (...paths: readonly string[]) =>
    concernedPulls({ inbox: inbox as never, repository }, pulls, concernsOfPush(paths.map(changed), configuration)).map(
      ({ number }) => number,
    )

  test.each([
    ['models/churn/versions/1.4.0.yml', [1, 4, 5]],
    ['models/fraud/model.yml', [2, 4, 5]],
    ['deploy/production/churn.yml', [1, 4, 5]],
    ['policies/production.yml', [1, 2, 4, 5]],
    ['.github/weighbridge.yml', [1, 2, 3, 4, 5]],
  ])('by %s those that it may change, and what nobody knows anything about', (path, expected) => {
    expect(reopened(path)).toEqual(expected)
  })
})

describe('the evidence that somebody approved', () => {
  const published = [
    { completedAt: '2026-11-18T10:00:00Z', evidenceKey: 'a' },
    { completedAt: '2026-11-18T11:00:00Z', evidenceKey: 'b' },
  ]

  test.each([
    ['2026-11-18T09:59:59Z', null],
    ['2026-11-18T10:30:00Z', 'a'],
    ['2026-11-18T11:00:00Z', 'b'],
  ])('at %s is what stood there then (S31)', (moment, key) => {
    expect(keyAt(published, moment)).toBe(key)
  })
})

describe('a merge group', () => {
  const queue = ['a', 'b', 'c'].map((sha, index) => ({ pull: index + 1, pullHead: `${sha}${sha}`, headSha: sha }))

  test('is the entries after its base, up to its head', () => {
    expect(groupOf(queue, { baseSha: 'main', headSha: 'b' })?.map(({ pull }) => pull)).toEqual([1, 2])
    expect(groupOf(queue, { baseSha: 'b', headSha: 'c' })?.map(({ pull }) => pull)).toEqual([3])
  })

  test('that left the queue is none', () => {
    expect(groupOf(queue, { baseSha: 'main', headSha: 'x' })).toBeNull()
    expect(groupOf(queue, { baseSha: 'c', headSha: 'b' })).toBeNull()
  })
})

function changed(path: string): ChangedPath {
  return { path, status: 'modified', mode: { from: '100644', to: '100644' }, oid: { from: 'a', to: 'b' } }
}
