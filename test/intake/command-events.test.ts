import { expect, test } from 'vitest'
import { coalesce } from '../../src/adapters/inbox/coalesce.ts'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { workOf, workText } from '../../src/adapters/inbox/work-text.ts'
import type { IntakeFacts } from '../../src/intake/handled-events.ts'
import { worksOf } from '../../src/intake/works-of.ts'
import { trainingRunMark } from '../../src/ports/training-run-mark.ts'
import * as github from './support.ts'

const CORRELATION = 'wb-0123456789abcdef0123'
const facts: IntakeFacts = {
  ...github.IDENTITY,
  ledgerBranch: github.LEDGER,
  governed: () => null,
  training: () => null,
}
const read = (event: string, payload: unknown, known: Partial<IntakeFacts> = {}) =>
  worksOf(event, payload, { ...facts, ...known })
const keysOf = (event: string, payload: unknown, known: Partial<IntakeFacts> = {}) =>
  read(event, payload, known).works.map(({ key }) => key)
const commentKeys = (...of: Parameters<typeof github.commentEvent>) =>
  keysOf('issue_comment', github.commentEvent(...of))

test('a comment with a command is work of its own, with the text that GitHub signed and who said it', () => {
  expect(read('issue_comment', github.commentEvent('created', 'please\n\n/status\n')).works).toEqual([
    {
      key: '42/comment:7001',
      lane: 'interactive',
      repository: { id: 42, owner: 'acme', name: 'models', installation: 9 },
      subject: {
        kind: 'comment',
        issue: 7,
        comment: { id: 7001, nodeId: 'IC_kwDO' },
        body: 'please\n\n/status\n',
        by: { id: 5, login: 'dana', isBot: false },
        edited: false,
      },
      force: false,
      head: null,
    },
  ])
})

test('a malformed command is answered too; prose, paths, quotes and other bots’ commands cost nothing (S12)', () => {
  expect(commentKeys('created', '/trian churn')).toEqual(['42/comment:7001'])
  expect(commentKeys('created', '/rollback churn')).toEqual(['42/comment:7001'])
  for (const body of ['looks good', '/lgtm', '/usr/bin/python is missing', '> /status', '```\n/status\n```', ''])
    expect(commentKeys('created', body), body).toEqual([])
})

test('our own comments and other bots’ are nobody’s commands, told by id and type and not by login (S13)', () => {
  const ours = { id: github.IDENTITY.botId, login: 'dana', type: 'User' }
  const other = { id: 80, login: 'dana', type: 'Bot' }
  const lookAlike = { id: 81, login: 'weighbridge[bot]', type: 'User' }

  expect(commentKeys('created', '/status', { user: ours })).toEqual([])
  expect(commentKeys('created', '/status', { user: other })).toEqual([])
  expect(commentKeys('created', '/status', { app: { id: github.IDENTITY.appId } })).toEqual([])
  expect(commentKeys('created', '/status', { user: null })).toEqual([])
  expect(commentKeys('created', '/status', { user: lookAlike })).toEqual(['42/comment:7001'])
})

test('whoever sends a comment that somebody else wrote asks for nothing, and the log says so (S14)', async () => {
  const forged = github.commentEvent('created', '/status', { sender: { id: 6, login: 'erin', type: 'User' } })
  const byApp = github.commentEvent('created', '/status', { app: { id: 12 } })
  const door = await github.openDoor()

  expect(read('issue_comment', forged)).toMatchObject({
    works: [],
    ignored: 'a comment by somebody else than its author',
  })
  expect(read('issue_comment', byApp)).toMatchObject({
    works: [],
    ignored: 'a comment that an app wrote in the name of somebody',
  })
  await door.deliver('issue_comment', forged)
  expect(door.log.lines).toMatchObject([{ outcome: 'ignored', because: 'a comment by somebody else than its author' }])
  await door.close()
})

test('an edit that brings a command is told that it does nothing; any other edit is not heard (S14)', () => {
  const edit = (body: string, from: string) =>
    read('issue_comment', github.commentEvent('edited', body, { from })).works
  const maintainer = { id: 6, login: 'erin', type: 'User' }

  expect(edit('/promote churn production', 'looks good')).toMatchObject([
    { subject: { kind: 'comment', edited: true } },
  ])
  expect(edit('/status\n/promote churn production', '/status')).toHaveLength(1)
  expect(edit('/status\n\nthanks', '/status')).toEqual([])
  expect(edit('looks fine', 'looks good')).toEqual([])
  expect(edit('/status', '> /status')).toHaveLength(1)
  expect(commentKeys('edited', '/status', { from: 'x', sender: maintainer })).toEqual([])
  expect(commentKeys('edited', '/status')).toEqual([])
  expect(commentKeys('deleted', '/status')).toEqual([])
})

test('a comment that waits stays as it was first said, in whatever order its edit comes', () => {
  const [created] = read('issue_comment', github.commentEvent('created', '/status')).works
  const [edited] = read(
    'issue_comment',
    github.commentEvent('edited', '/promote churn production', { from: '/status' }),
  ).works

  expect(coalesce(created!, edited!).subject).toEqual(created!.subject)
  expect(coalesce(edited!, created!).subject).toEqual(created!.subject)
})

test('a run that we dispatched wakes its training; the same title by anybody else’s hand wakes nothing', () => {
  const title = `train churn ${CORRELATION}.1`
  const dana = { id: 5, login: 'dana', type: 'User' }

  for (const action of ['requested', 'in_progress', 'completed'])
    expect(read('workflow_run', github.runEvent(action, title)).works).toMatchObject([
      { key: `42/training:${CORRELATION}`, subject: { kind: 'training', correlation: CORRELATION } },
    ])
  expect(keysOf('workflow_run', github.runEvent('completed', title, dana))).toEqual([])
  expect(keysOf('workflow_run', github.runEvent('completed', title, null))).toEqual([])
  expect(keysOf('workflow_run', github.runEvent('completed', 'CI'))).toEqual([])
  expect(keysOf('workflow_run', github.runEvent('completed', `x${CORRELATION}0`))).toEqual([])
})

test('a job of such a run is told by the id of the run, which the training has noted, or by its own name', async () => {
  const door = await github.openDoor()
  const job = github.jobEvent('in_progress', 'train')

  await door.deliver('workflow_job', job)
  expect(door.inbox.counts().jobs.waiting).toBe(0)
  door.inbox.setMark(trainingRunMark(42, 88), CORRELATION)
  await door.deliver('workflow_job', job)
  expect(door.inbox.lease(new Date().toISOString())?.work.subject).toEqual({
    kind: 'training',
    correlation: CORRELATION,
  })
  expect(keysOf('workflow_job', github.jobEvent('completed', `train ${CORRELATION}.2`))).toEqual([
    `42/training:${CORRELATION}`,
  ])
  expect(
    keysOf('workflow_job', github.jobEvent('completed', 'train', { id: 5, login: 'dana' }), {
      training: () => CORRELATION,
    }),
  ).toEqual([])
  expect(keysOf('workflow_job', github.jobEvent('queued', `train ${CORRELATION}.2`))).toEqual([])
  await door.close()
})

test('what was started in a thread is looked at when the thread is closed, issue or pull request, governed or not (S49)', () => {
  const closed = (number: number) => ({ kind: 'thread-closed', number })

  expect(read('issues', github.issueEvent('closed')).works).toMatchObject([{ key: '42/closed:3', subject: closed(3) }])
  expect(keysOf('issues', github.issueEvent('opened'))).toEqual([])
  expect(keysOf('pull_request', github.pullEvent('closed', { base: 'lax' }), { governed: () => [] })).toEqual([
    '42/closed:7',
  ])
  expect(keysOf('pull_request', github.pullEvent('opened', { base: 'lax' }), { governed: () => [] })).toEqual([])
})

test('work of every kind survives a restart, and a comment keeps every character', async () => {
  const body = '/hold reason="ä 👋 \u2028 ‮"\r\n'
  const works = [
    ...read('issue_comment', github.commentEvent('created', `/status\n${body}`)).works,
    ...read('workflow_run', github.runEvent('completed', CORRELATION)).works,
    ...read('issues', github.issueEvent('closed')).works,
  ]
  const inbox = openInbox({ path: ':memory:', now: () => new Date() })
  for (const work of works) inbox.enqueue(work)
  const later = new Date(Date.now() + 60_000).toISOString()

  const leased = works.map(() => inbox.lease(later, { perRepository: 9, lowest: 'sweep' })?.work)
  expect(works).toHaveLength(3)
  expect(leased).toEqual(works)
  for (const work of works) expect(workOf(workText(work))).toEqual(work)
  inbox.close()
})
