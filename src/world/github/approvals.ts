import type { GitHubState } from './github-state.ts'
import { requirementsOn } from './rules.ts'
import { repositoryOf, reviewsOf } from './state/find.ts'
import type { WorldPull, WorldReview } from './state/pulls.ts'
import type { RequiredReviews } from './state/repositories.ts'
import { canWrite } from './state/roles.ts'

/** The latest opinion of each reviewer: approved, changes requested, or dismissed; comments are no opinion. */
export function latestOpinionatedReviews(
  state: GitHubState,
  pull: WorldPull,
  options: { readonly writersOnly?: boolean } = {},
): readonly WorldReview[] {
  const latest = new Map<number, WorldReview>()
  for (const review of reviewsOf(state, pull.repository, pull.number))
    if (['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state)) latest.set(review.author, review)
  const repository = repositoryOf(state, pull.repository)
  return [...latest.values()].filter((one) => options.writersOnly !== true || canWrite(state, repository, one.author))
}

/** Whether the approvals that a rule asks for are there. Only people with write permission count. */
export function reviewsSatisfy(state: GitHubState, pull: WorldPull, required: RequiredReviews): boolean {
  const reviews = latestOpinionatedReviews(state, pull, { writersOnly: true })
  if (reviews.some((one) => one.state === 'CHANGES_REQUESTED')) return false
  const approvals = reviews.filter((one) => one.state === 'APPROVED')
  if (approvals.length < required.count) return false
  if (!required.requireLastPushApproval) return true
  const pusher = lastPusher(state, pull)
  return approvals.some((one) => one.commit === pull.head.sha && one.author !== pusher)
}

/** What a pull request's page says about its reviews; null where none are required. */
export function reviewDecision(
  state: GitHubState,
  pull: WorldPull,
): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null {
  const reviews = latestOpinionatedReviews(state, pull, { writersOnly: true })
  if (reviews.some((one) => one.state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED'
  const required = requirementsOn(repositoryOf(state, pull.repository), pull.base.ref).flatMap(
    (one) => one.reviews ?? [],
  )
  if (required.length === 0) return null
  return required.every((one) => reviewsSatisfy(state, pull, one)) ? 'APPROVED' : 'REVIEW_REQUIRED'
}

function lastPusher(state: GitHubState, pull: WorldPull): number | null {
  const ref = `refs/heads/${pull.head.ref}`
  return state.activity.findLast((one) => one.repository === pull.head.repository && one.ref === ref)?.actor ?? null
}
