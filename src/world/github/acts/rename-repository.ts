import { announce } from '../announce.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { accountOf, findRepository, fullName, repositoryOf } from '../state/find.ts'
import type { WorldRepository } from '../state/repositories.ts'
import { accountBody } from '../webhooks/bodies/account-body.ts'

/** The id stays, and so does the old name, until another repository takes it. */
export async function renameRepository(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly name: string },
): Promise<WorldRepository> {
  const before = leaveName(github, input.repository, { name: input.name })
  await announce(github, actor, {
    event: 'repository',
    action: 'renamed',
    repository: before.id,
    body: () => ({ changes: { repository: { name: { from: before.name } } } }),
  })
  return repositoryOf(github.state, before.id)
}

export async function transferRepository(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly owner: number },
): Promise<WorldRepository> {
  const { state } = github
  const before = leaveName(github, input.repository, { owner: input.owner })
  const old = accountOf(state, before.owner)
  const kind = old.type === 'Organization' ? 'organization' : 'user'
  await announce(github, actor, {
    event: 'repository',
    action: 'transferred',
    repository: before.id,
    body: () => ({ changes: { owner: { from: { [kind]: accountBody(state, old) } } } }),
  })
  return repositoryOf(state, before.id)
}

/** Gives a repository its new name and remembers the old one; answers with what it was before. */
function leaveName(
  github: GitHub,
  id: number,
  change: { readonly name?: string; readonly owner?: number },
): WorldRepository {
  const { state } = github
  const before = repositoryOf(state, id)
  const next = { ...before, ...change, updatedAt: github.clock.now() }
  refuseTakenName(github, fullName(state, next))
  state.formerNames.set(fullName(state, before).toLowerCase(), id)
  state.formerNames.delete(fullName(state, next).toLowerCase())
  state.repositories.set(id, next)
  return before
}

/** @throws {Refusal} 422 when another repository has the name now; a former name is free to take */
export function refuseTakenName(github: GitHub, name: string): void {
  const found = findRepository(github.state, name)
  if (found === null || found.isFormerName) return
  const errors = [
    { resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' },
  ]
  throw new Refusal(422, 'Repository creation failed.', { errors })
}
