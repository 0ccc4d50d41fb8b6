import { newCommit } from '../api-commit.ts'
import type { Actor, GitHub } from '../github-state.ts'
import { moveRefs } from '../move-refs.ts'
import { accountOf, repositoryOf, takeId } from '../state/find.ts'
import type { RoleName } from '../state/people.ts'
import type { WorldRepository } from '../state/repositories.ts'
import { accountBehind } from '../state/roles.ts'
import { refuseTakenName } from './rename-repository.ts'

export interface NewRepository {
  readonly owner: number
  readonly name: string
  readonly description?: string
  readonly isPrivate?: boolean
  readonly defaultBranch?: string
  readonly baseRole?: RoleName | 'none'
  readonly collaborators?: WorldRepository['collaborators']
  /** First commit of the default branch; without files the repository is empty. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

export async function createRepository(github: GitHub, actor: Actor, input: NewRepository): Promise<WorldRepository> {
  const repository = await addRepository(github, input, null)
  const { id, defaultBranch } = repository
  if (input.files === undefined) return repository
  const files = Object.entries(input.files).map(([path, content]) => ({ path, content }))
  const sha = await newCommit(github, actor, {
    repository: id,
    parent: null,
    files,
    message: 'Initial commit',
    isWeb: true,
  })
  return github.turn(id, async () => {
    await moveRefs(github, actor, {
      repository: id,
      change: { ref: `refs/heads/${defaultBranch}`, from: null, to: sha },
    })
    return repositoryOf(github.state, id)
  })
}

/** A copy of all branches under another owner, in the same network. */
export async function forkRepository(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly owner?: number; readonly name?: string },
): Promise<WorldRepository> {
  const parent = repositoryOf(github.state, input.repository)
  const fork = await addRepository(
    github,
    {
      owner: input.owner ?? accountBehind(actor).id,
      name: input.name ?? parent.name,
      isPrivate: parent.isPrivate,
      defaultBranch: parent.defaultBranch,
    },
    parent,
  )
  const heads = await github.storage.refs(parent.id, 'refs/heads/')
  const changes = [...heads].map(([ref, to]) => ({ ref, from: null, to }))
  if (changes.length > 0) await github.storage.update(fork.id, changes)
  return fork
}

async function addRepository(
  github: GitHub,
  input: NewRepository,
  parent: WorldRepository | null,
): Promise<WorldRepository> {
  const { state } = github
  const owner = accountOf(state, input.owner)
  refuseTakenName(github, `${owner.login}/${input.name}`)
  state.formerNames.delete(`${owner.login}/${input.name}`.toLowerCase())
  const id = takeId(state)
  const now = github.clock.now()
  const repository: WorldRepository = {
    id,
    owner: owner.id,
    name: input.name,
    description: input.description ?? null,
    isPrivate: input.isPrivate ?? false,
    defaultBranch: input.defaultBranch ?? 'main',
    parent: parent?.id ?? null,
    network: parent?.network ?? id,
    collaborators: input.collaborators ?? [],
    baseRole: input.baseRole ?? 'read',
    mergeMethods: { merge: true, squash: true, rebase: true },
    deleteBranchOnMerge: false,
    protections: [],
    rulesets: [],
    nextNumber: 1,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  }
  state.repositories.set(id, repository)
  await github.storage.create(id, repository.network, repository.defaultBranch)
  return repository
}
