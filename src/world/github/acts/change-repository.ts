import type { GitHub } from '../github-state.ts'
import { repositoryOf, takeId } from '../state/find.ts'
import type { RoleName } from '../state/people.ts'
import type { BranchProtection, Ruleset, WorldRepository } from '../state/repositories.ts'

export type RepositoryChange = Partial<
  Pick<
    WorldRepository,
    | 'description'
    | 'isPrivate'
    | 'defaultBranch'
    | 'baseRole'
    | 'collaborators'
    | 'mergeMethods'
    | 'deleteBranchOnMerge'
    | 'protections'
    | 'rulesets'
  >
>

export async function updateRepository(github: GitHub, id: number, change: RepositoryChange): Promise<WorldRepository> {
  const next = { ...repositoryOf(github.state, id), ...change, updatedAt: github.clock.now() }
  github.state.repositories.set(id, next)
  if (change.defaultBranch !== undefined) await github.storage.setHead(id, change.defaultBranch)
  return next
}

export function setCollaborator(
  github: GitHub,
  input: {
    readonly repository: number
    readonly account: number
    readonly role: RoleName | 'none'
    /** A custom role, whose base `role` is. */
    readonly custom?: number
  },
): Promise<WorldRepository> {
  const others = repositoryOf(github.state, input.repository).collaborators.filter(
    (one) => one.account !== input.account,
  )
  const { account, role } = input
  const custom = input.custom === undefined ? {} : { custom: input.custom }
  return updateRepository(github, input.repository, {
    collaborators: role === 'none' ? others : [...others, { account, role, ...custom }],
  })
}

/** Classic protection: what is not named is off, force pushes and deletions are forbidden. */
export async function protectBranch(
  github: GitHub,
  repository: number,
  input: Pick<BranchProtection, 'pattern'> & Partial<BranchProtection>,
): Promise<BranchProtection> {
  const protection: BranchProtection = {
    requiredChecks: null,
    requiredReviews: null,
    restrictPushes: null,
    enforceAdmins: false,
    requireLinearHistory: false,
    allowForcePushes: false,
    allowDeletions: false,
    ...input,
    id: takeId(github.state),
  }
  const others = repositoryOf(github.state, repository).protections.filter((one) => one.pattern !== input.pattern)
  await updateRepository(github, repository, { protections: [...others, protection] })
  return protection
}

export async function addRuleset(
  github: GitHub,
  repository: number,
  input: Pick<Ruleset, 'name' | 'include' | 'rules'> & Partial<Ruleset>,
): Promise<Ruleset> {
  const now = github.clock.now()
  const ruleset: Ruleset = {
    target: 'branch',
    enforcement: 'active',
    exclude: [],
    bypass: [],
    createdAt: now,
    updatedAt: now,
    ...input,
    id: takeId(github.state),
  }
  const { rulesets } = repositoryOf(github.state, repository)
  await updateRepository(github, repository, { rulesets: [...rulesets, ruleset] })
  return ruleset
}
