import type { GitHubState, RoleName, WorldRepository } from '../../github-state.ts'
import { pullRepositoryBody, repositoryBody } from '../../webhooks/bodies/repository-body.ts'

const ROLES: readonly (RoleName | 'none')[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** A repository's own page, for somebody with this role. */
export function fullRepositoryBody(state: GitHubState, repository: WorldRepository, role: RoleName | 'none') {
  const parent = state.repositories.get(repository.parent ?? -1)
  const origin =
    parent === undefined ? {} : { parent: repositoryBody(state, parent), source: repositoryBody(state, parent) }
  const { forks } = repositoryBody(state, repository)
  return {
    ...pullRepositoryBody(state, repository),
    permissions: roleBody(role),
    subscribers_count: 0,
    network_count: forks,
    ...origin,
  }
}

/** A role as five times yes or no. */
export function roleBody(role: RoleName | 'none') {
  const level = ROLES.indexOf(role)
  return { admin: level >= 5, maintain: level >= 4, push: level >= 3, triage: level >= 2, pull: level >= 1 }
}
