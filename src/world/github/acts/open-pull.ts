import { announcePull } from '../change-pull.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { keepHead } from '../ref-moved.ts'
import { findAccount, keyOf, openPullsOf, repositoryOf, takeId } from '../state/find.ts'
import type { WorldPull } from '../state/pulls.ts'
import type { WorldRepository } from '../state/repositories.ts'
import { accountBehind } from '../state/roles.ts'
import { addIssue } from '../take-number.ts'

export interface NewPull {
  readonly repository: number
  readonly title: string
  readonly body?: string | null
  /** `branch`, or `owner:branch` of a fork. */
  readonly head: string
  readonly base: string
  readonly isDraft?: boolean
  readonly maintainerCanModify?: boolean
}

/** @throws {Refusal} 422 for a base or head that is not there, no commits between them, or one that is open already */
export function openPull(github: GitHub, actor: Actor, input: NewPull): Promise<WorldPull> {
  return github.turn(input.repository, async () => {
    const { state, storage } = github
    const repository = repositoryOf(state, input.repository)
    const { from, ref } = headOf(github, repository, input.head)
    const base = await storage.tip(repository.id, `refs/heads/${input.base}`)
    if (base === null) throw invalid('base')
    const head = from === null ? null : await storage.tip(from.id, `refs/heads/${ref}`)
    if (from === null || head === null) throw invalid('head')
    refuseDouble(github, repository, from, ref, input.base)
    await refuseEmpty(github, repository.id, input, base, head)
    const issue = addIssue(github, {
      repository: repository.id,
      title: input.title,
      body: input.body ?? null,
      author: accountBehind(actor).id,
      isPull: true,
    })
    const pull: WorldPull = {
      id: takeId(state),
      repository: repository.id,
      number: issue.number,
      isDraft: input.isDraft ?? false,
      base: { ref: input.base, sha: base },
      head: { repository: from.id, owner: from.owner, ref, sha: head },
      mergedAt: null,
      mergedBy: null,
      mergeCommit: null,
      mergeability: null,
      mergeabilityAskedAt: null,
      requestedReviewers: [],
      maintainerCanModify: from.id !== repository.id && (input.maintainerCanModify ?? true),
    }
    state.pulls.set(keyOf(repository.id, issue.number), pull)
    await keepHead(github, pull, head)
    await announcePull(github, actor, pull, 'opened')
    return pull
  })
}

function headOf(github: GitHub, repository: WorldRepository, head: string) {
  const colon = head.indexOf(':')
  if (colon < 0) return { from: repository, ref: head }
  const owner = findAccount(github.state, head.slice(0, colon))
  const family = [...github.state.repositories.values()].filter((one) => one.network === repository.network)
  const from = owner?.id === repository.owner ? repository : family.find((one) => one.owner === owner?.id)
  return { from: from ?? null, ref: head.slice(colon + 1) }
}

function refuseDouble(
  github: GitHub,
  repository: WorldRepository,
  from: WorldRepository,
  ref: string,
  base: string,
): void {
  const { state } = github
  const twin = openPullsOf(state, repository.id).find(
    (one) => one.head.repository === from.id && one.head.ref === ref && one.base.ref === base,
  )
  if (twin === undefined) return
  const message = `A pull request already exists for ${state.accounts.get(from.owner)?.login}:${ref}.`
  throw new Refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] })
}

async function refuseEmpty(
  github: GitHub,
  repository: number,
  input: NewPull,
  base: string,
  head: string,
): Promise<void> {
  const { ahead } = await github.storage.aheadBehind(repository, base, head)
  if (ahead > 0) return
  const message = `No commits between ${input.base} and ${input.head}`
  throw new Refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] })
}

function invalid(field: string): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', field, code: 'invalid' }] })
}
