import { expect, test } from 'vitest'
import {
  createComment,
  deleteComment,
  editComment,
  minimiseComment,
  react,
} from '../../../src/world/github/acts/comment.ts'
import { deleteAccount } from '../../../src/world/github/acts/create-account.ts'
import { dismissReview, editReview, submitReview } from '../../../src/world/github/acts/review.ts'
import { createIssue, editIssue } from '../../../src/world/github/acts/write-issue.ts'
import { latestOpinionatedReviews } from '../../../src/world/github/approvals.ts'
import { openOffice, refused } from './support/office.ts'

async function openReviewed() {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const review = (actor: typeof office.ada, event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT', body = 'because') =>
    submitReview(office.github, actor, { repository: office.id, number: pull.number, event, body })
  const latest = (writersOnly = false) =>
    latestOpinionatedReviews(office.github.state, pull, { writersOnly }).map((one) => one.state)
  return { office, pull, review, latest }
}

test('an author cannot approve a pull request of their own, or ask themselves for changes', async () => {
  const { office, review } = await openReviewed()

  expect(await refused(review(office.ben, 'APPROVE'))).toContain('Can not approve your own pull request')
  expect(await refused(review(office.ben, 'REQUEST_CHANGES'))).toContain('Can not request changes on your own')
  expect(await refused(review(office.ben, 'COMMENT'))).toBe('nothing was refused')
})

test('a review is about the commit that was the head, also after a force push', async () => {
  const { office, pull, review } = await openReviewed()

  const approval = await review(office.cleo, 'APPROVE')
  await office.pushes(office.ben, { 'b.yml': '2\n' }, { branch: 'churn', force: true })

  expect(approval.commit).toBe(pull.head.sha)
  expect(office.github.state.reviews.get(approval.id)).toEqual(approval)
})

test('the latest opinion of each reviewer counts, a comment is none, and readers can be left out', async () => {
  const { office, review, latest } = await openReviewed()

  await review(office.cleo, 'APPROVE')
  await review(office.cleo, 'COMMENT')
  await review(office.dora, 'APPROVE')
  expect(latest()).toEqual(['APPROVED', 'APPROVED'])
  await review(office.cleo, 'REQUEST_CHANGES')

  expect(latest(true)).toEqual(['CHANGES_REQUESTED'])
})

test('a bot that may push approves like a person who may: who must not count it has to say so', async () => {
  const { office, pull, latest } = await openReviewed()
  const reader = await office.secondApp('reader', { metadata: 'read', pull_requests: 'write' }, [])
  const approve = (actor: typeof office.bot) =>
    submitReview(office.github, actor, { repository: office.id, number: pull.number, event: 'APPROVE' })

  await approve(office.bot)
  await approve(reader)

  expect(latest(false)).toEqual(['APPROVED', 'APPROVED'])
  expect(latest(true)).toEqual(['APPROVED'])
})

test('a dismissed approval counts no more; a comment cannot be dismissed', async () => {
  const { office, review, latest } = await openReviewed()
  const approval = await review(office.cleo, 'APPROVE')
  const comment = await review(office.dora, 'COMMENT')
  const dismiss = (id: number) =>
    dismissReview(office.github, office.ada, { repository: office.id, review: id, message: 'too early' })

  await dismiss(approval.id)
  await editReview(office.github, office.cleo, { repository: office.id, review: approval.id, body: 'other words' })

  expect(latest()).toEqual(['DISMISSED'])
  expect(await refused(dismiss(comment.id))).toContain('422')
  const heard = (await office.heard()).filter((one) => one.startsWith('pull_request_review'))
  expect(heard).toEqual([
    'pull_request_review.submitted',
    'pull_request_review.submitted',
    'pull_request_review.dismissed',
    'pull_request_review.edited',
  ])
  expect(await office.bodies('pull_request_review.submitted')).toMatchObject([
    { review: { state: 'approved', body: 'because' } },
    { review: { state: 'commented' } },
  ])
})

test('a comment on a pull request says that it is one, and on an issue that it is not', async () => {
  const { office, pull } = await openReviewed()
  const issue = await createIssue(office.github, office.ben, { repository: office.id, title: 'A bug', labels: ['bug'] })
  await createComment(office.github, office.dora, { repository: office.id, number: pull.number, body: '/weigh' })
  await createComment(office.github, office.dora, { repository: office.id, number: issue.number, body: '/weigh' })

  const [onPull, onIssue] = await office.bodies('issue_comment.created')
  expect(onPull).toMatchObject({
    issue: { pull_request: { merged_at: null } },
    comment: { author_association: 'MEMBER' },
  })
  expect((onIssue as { issue: object }).issue).not.toHaveProperty('pull_request')
})

test('an edited comment is told with its old text and remembers that it was edited', async () => {
  const { office, pull } = await openReviewed()
  const comment = await createComment(office.github, office.cleo, {
    repository: office.id,
    number: pull.number,
    body: '/help',
  })

  const edited = await editComment(office.github, office.cleo, {
    repository: office.id,
    comment: comment.id,
    body: '/waive everything',
  })

  expect(comment.lastEditedAt).toBeNull()
  expect(edited.lastEditedAt).not.toBeNull()
  const [body] = await office.bodies('issue_comment.edited')
  expect(body).toMatchObject({ changes: { body: { from: '/help' } }, comment: { body: '/waive everything' } })
})

test('folding a comment away and reacting to it are told to nobody; the same reaction is there once', async () => {
  const { office, pull } = await openReviewed()
  const comment = await createComment(office.github, office.bot, {
    repository: office.id,
    number: pull.number,
    body: 'report',
  })
  await office.heard()
  const thumb = () =>
    react(office.github, office.ben, { repository: office.id, on: 'comment', subject: comment.id, content: '+1' })

  await minimiseComment(office.github, office.bot, {
    repository: office.id,
    comment: comment.id,
    classifier: 'OUTDATED',
  })
  const twice = [await thumb(), await thumb()]

  expect(await office.heard()).toEqual([])
  expect(twice.map((one) => one.isNew)).toEqual([true, false])
  expect(comment.app).toBe(office.app.id)
})

test('a comment ends at 65536 characters and is never empty', async () => {
  const { office, pull } = await openReviewed()
  const say = (body: string) =>
    refused(createComment(office.github, office.ben, { repository: office.id, number: pull.number, body }))

  expect(await say('x'.repeat(65_536))).toBe('nothing was refused')
  expect(await say('x'.repeat(65_537))).toContain('body is too long')
  expect(await say('  \n')).toContain('body cannot be blank')
})

test('an issue is opened, edited and closed, each told', async () => {
  const { office } = await openReviewed()
  await office.heard()
  const issue = await createIssue(office.github, office.bot, { repository: office.id, title: 'Broken', body: 'a' })
  const edit = (change: object) =>
    editIssue(office.github, office.bot, { repository: office.id, number: issue.number, ...change })

  await edit({ body: 'b' })
  await edit({ state: 'closed', stateReason: 'not_planned' })
  await edit({ state: 'open' })

  expect(await office.heard()).toEqual(['issues.opened', 'issues.edited', 'issues.closed', 'issues.reopened'])
})

test('what a deleted account wrote stays, by nobody', async () => {
  const { office, pull } = await openReviewed()
  await createComment(office.github, office.dora, { repository: office.id, number: pull.number, body: 'hello' })

  deleteAccount(office.github, office.dora.account.id)
  const comment = [...office.github.state.comments.values()][0]
  if (comment !== undefined)
    await deleteComment(office.github, office.ada, { repository: office.id, comment: comment.id })

  const [body] = await office.bodies('issue_comment.deleted')
  expect(body).toMatchObject({ comment: { user: null, body: 'hello' } })
})
