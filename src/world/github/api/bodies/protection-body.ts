import type { BranchProtection, GitHubState, WorldRepository } from '../../github-state.ts'
import { repositoryUrl } from '../../webhooks/bodies/repository-body.ts'

/** A classic protection as the answer to its own `PUT` shows it; without the lists of who may pass. */
export function protectionBody(state: GitHubState, repository: WorldRepository, protection: BranchProtection) {
  const url = `${repositoryUrl(state, repository)}/branches/${protection.pattern}/protection`
  const { requiredChecks: checks, requiredReviews: reviews } = protection
  return {
    url,
    ...(checks === null ? {} : { required_status_checks: checksBody(url, checks) }),
    ...(reviews === null ? {} : { required_pull_request_reviews: reviewsBody(url, reviews) }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: protection.requireLinearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
  }
}

function checksBody(url: string, { strict, checks }: NonNullable<BranchProtection['requiredChecks']>) {
  return {
    url: `${url}/required_status_checks`,
    strict,
    contexts: checks.map((one) => one.context),
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: checks.map((one) => ({ context: one.context, app_id: one.app })),
  }
}

function reviewsBody(url: string, reviews: NonNullable<BranchProtection['requiredReviews']>) {
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: reviews.dismissStale,
    require_code_owner_reviews: reviews.requireCodeOwners,
    required_approving_review_count: reviews.count,
    require_last_push_approval: reviews.requireLastPushApproval,
  }
}
