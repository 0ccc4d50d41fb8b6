import { announce } from './announce.ts'
import type { Actor, GitHub } from './github-state.ts'
import { issueOf, keyOf, pullOf } from './state/find.ts'
import type { WorldIssue, WorldPull } from './state/pulls.ts'
import { accountBehind } from './state/roles.ts'
import type { Body } from './webhooks/bodies/account-body.ts'
import { pullBody } from './webhooks/bodies/pull-body.ts'

/** Replaces a pull request, its issue, or both; times of change go with it. */
export function replacePull(
  github: GitHub,
  pull: Pick<WorldPull, 'repository' | 'number'>,
  change: { readonly pull?: Partial<WorldPull>; readonly issue?: Partial<WorldIssue> },
): WorldPull {
  const { state } = github
  const key = keyOf(pull.repository, pull.number)
  const next = { ...pullOf(state, pull.repository, pull.number), ...change.pull }
  const issue = issueOf(state, pull.repository, pull.number)
  state.pulls.set(key, next)
  state.issues.set(key, { ...issue, ...change.issue, updatedAt: github.clock.now() })
  return next
}

export async function announcePull(
  github: GitHub,
  actor: Actor,
  pull: WorldPull,
  action: string,
  more: Body = {},
): Promise<void> {
  await announce(github, actor, {
    event: 'pull_request',
    action,
    repository: pull.repository,
    body: async () => ({ number: pull.number, pull_request: await pullBody(github, pull), ...more }),
  })
}

/** Closes a pull request, merged or not, and tells it. */
export async function endPull(
  github: GitHub,
  actor: Actor,
  pull: WorldPull,
  mergeCommit: string | null,
): Promise<WorldPull> {
  const now = github.clock.now()
  const by = accountBehind(actor).id
  const isMerged = mergeCommit !== null
  const next = replacePull(github, pull, {
    issue: { state: 'closed', closedAt: now, closedBy: by },
    ...(isMerged ? { pull: { mergedAt: now, mergedBy: by, mergeCommit } } : {}),
  })
  await announcePull(github, actor, next, 'closed')
  return next
}
