import { bypasses, isAdmin, isAllowed } from './bypass.ts'
import { type Actor, type GitHub, Refusal } from './github-state.ts'
import { requiredCheckState } from './required-checks.ts'
import { type Requirement, requirementsOn } from './rules.ts'
import type { WorldRepository } from './state/repositories.ts'
import { mayIn } from './state/roles.ts'
import type { RefChange } from './storage/git-storage.ts'

/** Where GitHub keeps its own refs: nobody pushes there. */
const RESERVED = ['refs/pull/', 'refs/heads/gh-readonly-queue/']

/**
 * Refuses a change of refs that somebody asks for from outside, by push or through the API.
 *
 * @throws {Refusal} 403 without permission, 422 for what a rule forbids, with every rule that it breaks
 */
export async function refuseRefChange(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  change: RefChange,
): Promise<void> {
  if (!mayIn(github.state, actor, repository, 'contents', 'write')) {
    const isApp = actor.kind === 'installation'
    throw new Refusal(
      403,
      isApp ? 'Resource not accessible by integration' : 'Must have write access to this repository.',
    )
  }
  if (RESERVED.some((one) => change.ref.startsWith(one)))
    throw new Refusal(422, `${change.ref} is kept by GitHub and cannot be changed`)
  await refuseWorkflows(github, actor, repository, change)
  if (!change.ref.startsWith('refs/heads/')) return
  const branch = change.ref.slice('refs/heads/'.length)
  if (change.to === null && branch === repository.defaultBranch)
    throw new Refusal(422, `refusing to delete the default branch: ${branch}`)
  const broken: string[] = []
  for (const requirement of requirementsOn(repository, branch))
    broken.push(...(await brokenBy(github, actor, repository, change, requirement)))
  if (broken.length > 0)
    throw new Refusal(422, `Repository rule violations found\n\n${broken.join('\n')}`, { type: 'UNPROCESSABLE' })
}

async function brokenBy(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  change: RefChange,
  requirement: Requirement,
): Promise<readonly string[]> {
  const { locked, source } = requirement
  const isProtection = source.kind === 'protection'
  const broken: string[] = []
  if (change.to === null) {
    if (locked.deletion) broken.push('Cannot delete this branch')
  } else if (change.from === null) {
    if (locked.creation) broken.push('Cannot create ref due to creations being restricted.')
  } else {
    const isForced = !(await github.storage.isAncestor(repository.id, change.from, change.to))
    if (locked.force && isForced) broken.push('Cannot force-push to this branch')
  }
  // classic protection forbids force pushes and deletions to administrators too
  if (isProtection && broken.length > 0) return broken
  if (bypasses(github.state, actor, repository, requirement, 'push')) return []
  if (change.to !== null) broken.push(...(await brokenByUpdate(github, actor, repository, change, requirement)))
  return broken
}

async function brokenByUpdate(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  change: RefChange,
  requirement: Requirement,
): Promise<readonly string[]> {
  const { source, locked, reviews } = requirement
  const to = change.to ?? ''
  const broken: string[] = []
  if (source.kind === 'protection') {
    const restricted = source.protection.restrictPushes
    if (restricted !== null && !isAllowed(github.state, actor, restricted) && !isAdmin(github.state, actor, repository))
      broken.push('You are not authorized to push to this branch.')
    const bypass = source.protection.requiredReviews?.bypass
    if (reviews !== null && !(bypass !== undefined && isAllowed(github.state, actor, bypass)))
      broken.push('Changes must be made through a pull request.')
  } else if (change.from !== null) {
    if (locked.update) broken.push('Cannot update this protected ref.')
  }
  if (source.kind === 'ruleset' && reviews !== null && change.from !== null)
    broken.push('Changes must be made through a pull request.')
  if (requirement.queue !== null && change.from !== null) broken.push('Changes must be made through the merge queue')
  if (change.from === null) return broken
  for (const check of requirement.checks)
    if (requiredCheckState(github.state, repository.id, to, check) !== 'passing')
      broken.push(`Required status check "${check.context}" is expected.`)
  if (requirement.linear && (await hasMerges(github, repository.id, change.from, to)))
    broken.push('This branch must not contain merge commits.')
  return broken
}

async function hasMerges(github: GitHub, repository: number, from: string, to: string): Promise<boolean> {
  for (const sha of await github.storage.commitsBetween(repository, from, to)) {
    const commit = await github.storage.commit(repository, sha)
    if ((commit?.parents.length ?? 0) > 1) return true
  }
  return false
}

/** An app without `workflows` permission can't bring a changed workflow anywhere. */
async function refuseWorkflows(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  change: RefChange,
): Promise<void> {
  if (change.to === null || actor.kind !== 'installation') return
  const from = change.from ?? (await github.storage.tip(repository.id, `refs/heads/${repository.defaultBranch}`))
  await refuseWorkflowsBetween(github, actor, repository, from, change.to)
}

/** @throws {Refusal} 403 when an app without `workflows` permission brings a workflow that differs from what is there */
export async function refuseWorkflowsBetween(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  from: string | null,
  to: string,
): Promise<void> {
  if (actor.kind !== 'installation' || mayIn(github.state, actor, repository, 'workflows', 'write')) return
  const since = from === null ? null : await github.storage.mergeBase(repository.id, from, to)
  const files = await github.storage.changedPaths(repository.id, since, to)
  const touched = files.find((file) => file.path.startsWith('.github/workflows/'))
  if (touched === undefined) return
  throw new Refusal(
    403,
    `refusing to allow a GitHub App to create or update workflow \`${touched.path}\` without \`workflows\` permission`,
  )
}
