import { reviewsSatisfy } from './approvals.ts'
import { bypasses, isAdmin, isAllowed } from './bypass.ts'
import type { Actor, GitHub } from './github-state.ts'
import { requiredCheckState } from './required-checks.ts'
import { type Requirement, requirementsOn } from './rules.ts'
import { repositoryOf } from './state/find.ts'
import type { WorldPull } from './state/pulls.ts'
import type { WorldRepository } from './state/repositories.ts'

export interface Obstacle {
  readonly why: 'check' | 'review' | 'behind' | 'queue' | 'restricted'
  readonly message: string
}

/** Rules of the base that hold a merge by this actor; those that the actor bypasses hold nothing. */
export async function mergeObstacles(
  github: GitHub,
  actor: Actor,
  pull: WorldPull,
  options: { readonly toEnqueue?: boolean } = {},
): Promise<readonly Obstacle[]> {
  const repository = repositoryOf(github.state, pull.repository)
  const obstacles: Obstacle[] = []
  for (const requirement of requirementsOn(repository, pull.base.ref)) {
    if (bypasses(github.state, actor, repository, requirement, 'merge')) continue
    obstacles.push(...restrictions(github, actor, repository, requirement))
    obstacles.push(...reviewsMissing(github, actor, pull, requirement))
    obstacles.push(...checksMissing(github, pull, requirement))
    // a queue brings the branch up to date itself, and tests what comes of it
    if (options.toEnqueue === true) continue
    if (requirement.queue !== null) obstacles.push(QUEUE)
    if (requirement.strict && (await isBehind(github, pull))) obstacles.push(BEHIND)
  }
  return obstacles
}

const QUEUE: Obstacle = { why: 'queue', message: 'Changes must be made through the merge queue' }
const BEHIND: Obstacle = { why: 'behind', message: 'Head branch is out of date. Review and try the merge again.' }

function checksMissing(github: GitHub, pull: WorldPull, requirement: Requirement): readonly Obstacle[] {
  return requirement.checks.flatMap((check) => {
    const now = requiredCheckState(github.state, pull.repository, pull.head.sha, check)
    const verb = now === 'failing' ? 'failing' : now === 'pending' ? 'in progress' : 'expected'
    const message = `Required status check "${check.context}" is ${verb}.`
    return now === 'passing' ? [] : [{ why: 'check' as const, message }]
  })
}

function reviewsMissing(github: GitHub, actor: Actor, pull: WorldPull, requirement: Requirement): readonly Obstacle[] {
  const { reviews, source } = requirement
  if (reviews === null || reviewsSatisfy(github.state, pull, reviews)) return []
  const bypass = source.kind === 'protection' ? source.protection.requiredReviews?.bypass : undefined
  if (bypass !== undefined && isAllowed(github.state, actor, bypass)) return []
  const s = reviews.count === 1 ? '' : 's'
  const message = `At least ${reviews.count} approving review${s} is required by reviewers with write access.`
  return [{ why: 'review', message }]
}

function restrictions(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  requirement: Requirement,
): readonly Obstacle[] {
  if (!requirement.locked.update || actor.kind === 'anonymous') return []
  const { source } = requirement
  const restricted = source.kind === 'protection' ? source.protection.restrictPushes : null
  const isFine =
    restricted !== null && (isAllowed(github.state, actor, restricted) || isAdmin(github.state, actor, repository))
  return isFine ? [] : [{ why: 'restricted', message: 'You are not authorized to push to this branch.' }]
}

async function isBehind(github: GitHub, pull: WorldPull): Promise<boolean> {
  const base = await github.storage.tip(pull.repository, `refs/heads/${pull.base.ref}`)
  return base !== null && !(await github.storage.isAncestor(pull.repository, base, pull.head.sha))
}
