import { announceReview } from './announce-review.ts'
import type { Actor, GitHub } from './github-state.ts'
import { requirementsOn } from './rules.ts'
import { repositoryOf, reviewsOf } from './state/find.ts'
import type { WorldPull } from './state/pulls.ts'

/** Where the base's rules say so, a push that changes the diff takes back the approvals of before. */
export async function dismissStaleReviews(
  github: GitHub,
  actor: Actor,
  pull: WorldPull,
  before: string,
): Promise<void> {
  const { state } = github
  const rules = requirementsOn(repositoryOf(state, pull.repository), pull.base.ref)
  if (!rules.some((one) => one.reviews?.dismissStale === true)) return
  if (await isSameDiff(github, pull, before)) return
  const approvals = reviewsOf(state, pull.repository, pull.number).filter((one) => one.state === 'APPROVED')
  for (const review of approvals) {
    const next = { ...review, state: 'DISMISSED' as const, updatedAt: github.clock.now() }
    state.reviews.set(review.id, next)
    await announceReview(github, actor, pull, next, 'dismissed')
  }
}

async function isSameDiff(github: GitHub, pull: WorldPull, before: string): Promise<boolean> {
  const diffOf = async (head: string) => {
    const base = await github.storage.mergeBase(pull.repository, pull.base.sha, head)
    const files = await github.storage.diff(pull.repository, base, head)
    return JSON.stringify(files.map((file) => [file.path, file.status, file.newOid, file.oldOid]))
  }
  return (await diffOf(before)) === (await diffOf(pull.head.sha))
}
