import { announceReview } from '../announce-review.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { issueOf, notFound, pullOf, takeId } from '../state/find.ts'
import type { WorldReview } from '../state/pulls.ts'
import { accountBehind } from '../state/roles.ts'

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

export interface NewReview {
  readonly repository: number
  readonly number: number
  readonly event: keyof typeof STATES
  readonly body?: string
  /** The commit that was read; the head when absent. */
  readonly commit?: string
}

/** @throws {Refusal} 422 when the author approves, or an opinion comes without the words that it needs */
export function submitReview(github: GitHub, actor: Actor, input: NewReview): Promise<WorldReview> {
  return github.turn(input.repository, async () => {
    const { state } = github
    const pull = pullOf(state, input.repository, input.number)
    const author = accountBehind(actor).id
    const isOwn = issueOf(state, input.repository, input.number).author === author
    if (isOwn && input.event !== 'COMMENT') {
      const verb = input.event === 'APPROVE' ? 'approve' : 'request changes on'
      throw unprocessable(`Can not ${verb} your own pull request`)
    }
    const body = input.body ?? ''
    if (body === '' && input.event !== 'APPROVE') throw unprocessable(`Body can not be blank`)
    const now = github.clock.now()
    const review: WorldReview = {
      id: takeId(state),
      repository: input.repository,
      number: input.number,
      author,
      state: STATES[input.event],
      body,
      commit: input.commit ?? pull.head.sha,
      submittedAt: now,
      updatedAt: now,
      lastEditedAt: null,
      dismissalMessage: null,
    }
    await commitOfPull(github, input.repository, review.commit)
    state.reviews.set(review.id, review)
    await announceReview(github, actor, pull, review, 'submitted')
    return review
  })
}

export function editReview(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly review: number; readonly body: string },
): Promise<WorldReview> {
  return github.turn(input.repository, async () => {
    const before = reviewOf(github, input.repository, input.review)
    const now = github.clock.now()
    const review = { ...before, body: input.body, updatedAt: now, lastEditedAt: now }
    github.state.reviews.set(review.id, review)
    const pull = pullOf(github.state, review.repository, review.number)
    await announceReview(github, actor, pull, review, 'edited', { changes: { body: { from: before.body } } })
    return review
  })
}

/** @throws {Refusal} 422 for a comment: only an opinion can be dismissed */
export function dismissReview(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly review: number; readonly message: string },
): Promise<WorldReview> {
  return github.turn(input.repository, async () => {
    const before = reviewOf(github, input.repository, input.review)
    if (before.state !== 'APPROVED' && before.state !== 'CHANGES_REQUESTED')
      throw unprocessable('Can not dismiss a commented pull request review')
    const now = github.clock.now()
    const review: WorldReview = { ...before, state: 'DISMISSED', dismissalMessage: input.message, updatedAt: now }
    github.state.reviews.set(review.id, review)
    const pull = pullOf(github.state, review.repository, review.number)
    await announceReview(github, actor, pull, review, 'dismissed')
    return review
  })
}

function reviewOf(github: GitHub, repository: number, id: number): WorldReview {
  const review = github.state.reviews.get(id)
  if (review === undefined || review.repository !== repository) throw notFound()
  return review
}

async function commitOfPull(github: GitHub, repository: number, sha: string): Promise<void> {
  if ((await github.storage.commit(repository, sha)) === null)
    throw unprocessable(`${sha} is no commit of this pull request`)
}

function unprocessable(message: string): Refusal {
  return new Refusal(422, 'Unprocessable Entity', { errors: [{ message }] })
}
