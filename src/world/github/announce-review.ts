import { announce } from './announce.ts'
import type { Actor, GitHub } from './github-state.ts'
import type { WorldPull, WorldReview } from './state/pulls.ts'
import type { Body } from './webhooks/bodies/account-body.ts'
import { reviewBody } from './webhooks/bodies/issue-body.ts'
import { shortPullBody } from './webhooks/bodies/pull-body.ts'

export async function announceReview(
  github: GitHub,
  actor: Actor,
  pull: WorldPull,
  review: WorldReview,
  action: 'submitted' | 'edited' | 'dismissed',
  more: Body = {},
): Promise<void> {
  await announce(github, actor, {
    event: 'pull_request_review',
    action,
    repository: pull.repository,
    body: () => ({
      review: reviewBody(github.state, review),
      pull_request: action === 'edited' ? olderPullBody(github, pull) : shortPullBody(github.state, pull),
      ...more,
    }),
  })
}

/** What GitHub's schema of an edited review does not know of repositories. */
const NEWER = [
  'has_discussions',
  'web_commit_signoff_required',
  'use_squash_pr_title_as_default',
  'squash_merge_commit_message',
  'squash_merge_commit_title',
  'merge_commit_message',
  'merge_commit_title',
]

function olderPullBody(github: GitHub, pull: WorldPull): Body {
  const body = shortPullBody(github.state, pull)
  const older = (repo: Body | null) =>
    repo && Object.fromEntries(Object.entries(repo).filter(([key]) => !NEWER.includes(key)))
  return {
    ...body,
    head: { ...body.head, repo: older(body.head.repo) },
    base: { ...body.base, repo: older(body.base.repo) },
  }
}
