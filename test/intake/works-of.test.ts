import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HANDLED_EVENTS, type IntakeFacts } from '../../src/intake/handled-events.ts'
import { worksOf } from '../../src/intake/works-of.ts'
import * as github from './support.ts'

const facts: IntakeFacts = {
  ...github.IDENTITY,
  ledgerBranch: github.LEDGER,
  governed: () => null,
  training: () => null,
}
const repository = { id: 42, owner: 'acme', name: 'models', installation: 9 }
const keysOf = (event: string, payload: unknown, known: Partial<IntakeFacts> = {}) =>
  worksOf(event, payload, { ...facts, ...known }).works.map((work) => work.key)

test.each(['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft'])(
  'a pull request that is %s is weighed, by the repository id and its number',
  (action) => {
    expect(worksOf('pull_request', github.pullEvent(action), facts).works).toEqual([
      {
        key: '42/#7',
        lane: 'interactive',
        repository,
        subject: { kind: 'pull', number: 7 },
        force: false,
        head: github.SHA,
      },
    ])
  },
)

test('a new title asks for nothing; a new base asks for the pull request and all that share its head (S54)', () => {
  const retargeted = github.pullEvent('edited', { base: 'lax', changes: { base: { ref: { from: 'main' } } } })

  expect(keysOf('pull_request', github.pullEvent('edited', { changes: { title: { from: 'x' } } }))).toEqual([])
  expect(keysOf('pull_request', retargeted, { governed: () => [] })).toEqual(['42/#7', `42/head:${github.SHA}`])
  expect(keysOf('pull_request', github.pullEvent('closed'))).toEqual(['42/#7', `42/head:${github.SHA}`, '42/closed:7'])
})

test('a pull request into a branch that nobody governs is dropped once that is known, and looked at before', () => {
  const lax = github.pullEvent('opened', { base: 'lax' })

  expect(keysOf('pull_request', lax, { governed: () => ['release'] })).toEqual([])
  expect(keysOf('pull_request', lax, { governed: () => ['lax'] })).toEqual(['42/#7'])
  expect(keysOf('pull_request', lax, { governed: () => null, training: () => null })).toEqual(['42/#7'])
})

test('reviews of people count, a bot’s do not, and a person’s that a bot dismisses does (S13)', () => {
  const person = { id: 6, login: 'erin', type: 'User' }
  const dismissed = { ...github.reviewEvent('dismissed', person), sender: { id: 80, login: 'x[bot]', type: 'Bot' } }

  expect(keysOf('pull_request_review', github.reviewEvent('submitted', person))).toEqual(['42/#7'])
  expect(keysOf('pull_request_review', dismissed)).toEqual(['42/#7'])
  expect(keysOf('pull_request_review', github.reviewEvent('submitted', null))).toEqual(['42/#7'])
  for (const bot of [
    { id: 80, login: 'x[bot]', type: 'Bot' },
    { id: github.IDENTITY.botId, login: 'dana', type: 'User' },
  ])
    expect(keysOf('pull_request_review', github.reviewEvent('submitted', bot))).toEqual([])
})

test('our check asked for again is weighed by force; another app’s of the same name is not ours (S13) (S23) (S27)', () => {
  const [again] = worksOf('check_run', github.checkRunEvent('rerequested'), facts).works
  const suite = worksOf('check_suite', github.checkSuiteEvent('rerequested', github.IDENTITY.appId), facts).works

  expect(again).toMatchObject({ key: `42/head:${github.SHA}`, force: true, subject: { kind: 'head', sha: github.SHA } })
  expect(suite).toEqual([again])
  expect(keysOf('check_run', github.checkRunEvent('rerequested', { appId: 1 }))).toEqual([])
  expect(keysOf('check_suite', github.checkSuiteEvent('rerequested', 1))).toEqual([])
})

test('a button says who pressed it on which check; an unknown one, and our own hand, press nothing (S13)', () => {
  const press = (identifier: string, sender?: object) =>
    worksOf('check_run', github.checkRunEvent('requested_action', { identifier, ...(sender && { sender }) }), facts)
      .works
  const check = { id: 31, name: 'weighbridge', externalId: 'v1:x' }
  const by = { id: 5, login: 'dana', isBot: false }

  expect(press('weigh-again')).toMatchObject([{ force: true, asks: [{ kind: 'weigh-again', by, check }] }])
  expect(press('how-to-waive')).toMatchObject([{ force: false, asks: [{ kind: 'how-to-waive', by, check }] }])
  expect(press('roll-back')).toEqual([])
  expect(press('constructor')).toEqual([])
  expect(press('weigh-again', { id: github.IDENTITY.botId, login: 'w[bot]', type: 'Bot' })).toEqual([])
})

test('other apps’ finished checks only wake a merge that waits for their commit; ours wake nothing (S53)', () => {
  const wakesOf = (event: string, payload: unknown) => worksOf(event, payload, facts).wakes?.head ?? null

  expect(wakesOf('check_run', github.checkRunEvent('completed', { appId: 1 }))).toBe(github.SHA)
  expect(wakesOf('check_suite', github.checkSuiteEvent('completed', 1))).toBe(github.SHA)
  expect(wakesOf('status', github.statusEvent('success'))).toBe(github.SHA)
  expect(wakesOf('status', github.statusEvent('pending'))).toBe(null)
  expect(wakesOf('status', github.statusEvent('success', github.IDENTITY.botId))).toBe(null)
  expect(wakesOf('check_run', github.checkRunEvent('completed'))).toBe(null)
  expect(wakesOf('check_suite', github.checkSuiteEvent('completed', github.IDENTITY.appId))).toBe(null)
  expect(wakesOf('check_run', github.checkRunEvent('created', { appId: 1 }))).toBe(null)
})

test('a merge group is weighed, and forgotten when it is destroyed', () => {
  const subject = { kind: 'group', baseRef: 'main', baseSha: github.OTHER, headSha: github.SHA }

  expect(worksOf('merge_group', github.groupEvent('checks_requested'), facts).works).toMatchObject([{ subject }])
  expect(worksOf('merge_group', github.groupEvent('destroyed'), facts)).toMatchObject({
    works: [],
    cancels: [`42/group:${github.SHA}`],
  })
})

test('a push to the ledger by anybody but us, its deletion too, has every verdict asked again; ours has none', () => {
  const ledger = `refs/heads/${github.LEDGER}`
  const sender = { id: github.IDENTITY.botId, login: 'w[bot]', type: 'Bot' }

  expect(keysOf('push', github.pushEvent(ledger))).toEqual(['42/all'])
  expect(keysOf('push', github.pushEvent(ledger, { deleted: true }))).toEqual(['42/all'])
  expect(keysOf('push', github.pushEvent(ledger, { sender }))).toEqual([])
})

test('pushes count on governed branches only, never on a tag or a deletion', () => {
  const governed = () => ['release/1']

  expect(keysOf('push', github.pushEvent('refs/heads/main'))).toEqual(['42/base:main'])
  expect(keysOf('push', github.pushEvent('refs/heads/release/1'), { governed })).toEqual(['42/base:release/1'])
  expect(keysOf('push', github.pushEvent('refs/heads/release/1'))).toEqual([])
  expect(keysOf('push', github.pushEvent('refs/tags/main'))).toEqual([])
  expect(keysOf('push', github.pushEvent('refs/heads/main', { deleted: true }))).toEqual([])
})

test('installations come, go and come back; a renamed repository is looked at under its new name', () => {
  const is = (event: string, action: string) =>
    worksOf(event, github.installationEvent(action), facts).works.map((work) => work.subject)

  for (const action of ['created', 'unsuspend'])
    expect(is('installation', action)).toEqual([{ kind: 'installation', id: 9, is: 'here' }])
  for (const action of ['deleted', 'suspend'])
    expect(is('installation', action)).toEqual([{ kind: 'installation', id: 9, is: 'gone' }])
  expect(is('installation_repositories', 'added')).toEqual([{ kind: 'installation', id: 9, is: 'here' }])
  expect(keysOf('repository', github.repositoryEvent('renamed'))).toEqual(['42/all'])
  expect(keysOf('repository', github.repositoryEvent('edited', { default_branch: { from: 'x' } }))).toEqual(['42/all'])
  expect(keysOf('repository', github.repositoryEvent('edited', { description: { from: 'x' } }))).toEqual([])
})

test('names that every object has are no events (S03)', () => {
  for (const event of ['constructor', '__proto__', 'toString', 'watch'])
    expect(worksOf(event, { action: 'opened' }, facts).works).toEqual([])
  expect(Object.keys(HANDLED_EVENTS)).toHaveLength(14)
})

test('whatever a payload holds, it is read or refused as malformed and nothing else happens (S03)', () => {
  const events = Object.keys(HANDLED_EVENTS)
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.jsonValue({ maxDepth: 4 }), (event, payload) => {
      try {
        worksOf(event, payload, facts)
      } catch (error) {
        expect(error).toMatchObject({ name: 'ZodError' })
      }
    }),
    { numRuns: 1000 },
  )
})
