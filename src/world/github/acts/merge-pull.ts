import { endPull } from '../change-pull.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { makeMergeCommit } from '../merge-commit.ts'
import { mergeObstacles } from '../merge-rules.ts'
import { mergeableNow } from '../merge-state.ts'
import { moveRefs } from '../move-refs.ts'
import { refuseWorkflowsBetween } from '../ref-rules.ts'
import { issueOf, pullOf, repositoryOf } from '../state/find.ts'
import type { WorldPull } from '../state/pulls.ts'
import type { WorldRepository } from '../state/repositories.ts'
import { mayIn } from '../state/roles.ts'

export interface Merge {
  readonly repository: number
  readonly number: number
  /** What the head must be. */
  readonly sha?: string
  readonly method?: 'merge' | 'squash' | 'rebase'
  readonly title?: string
  readonly message?: string
}

/**
 * `PUT pulls/{n}/merge`. The head is pinned by `sha`; nothing pins the base.
 *
 * @throws {Refusal} 409 when the head is another, 405 when it cannot be merged now: closed, draft, conflicts, rules of the
 * base that hold this actor; 403 for a workflow that the app may not bring
 */
export function mergePull(github: GitHub, actor: Actor, input: Merge): Promise<{ readonly sha: string }> {
  return github.turn(input.repository, async () => {
    const repository = repositoryOf(github.state, input.repository)
    const pull = pullOf(github.state, input.repository, input.number)
    const base = await judge(github, actor, repository, pull, input)
    const method = input.method ?? 'merge'
    const { title, message } = input
    const texts = { ...(title === undefined ? {} : { title }), ...(message === undefined ? {} : { message }) }
    const sha = await makeMergeCommit(github, actor, pull, { base, method, ...texts })
    if (sha === null) throw notMergeable()
    const change = { ref: `refs/heads/${pull.base.ref}`, from: base, to: sha }
    await moveRefs(github, actor, { repository: repository.id, change, kind: 'pr_merge', landing: [pull.number] })
    await endPull(github, actor, pull, sha)
    await deleteHead(github, actor, repository, pull)
    return { sha }
  })
}

/** Where the base stands, if the merge may happen. */
async function judge(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  pull: WorldPull,
  input: Merge,
): Promise<string> {
  if (!mayIn(github.state, actor, repository, 'contents', 'write'))
    throw new Refusal(
      403,
      actor.kind === 'installation' ? 'Resource not accessible by integration' : 'Must have write access.',
    )
  const base = await github.storage.tip(repository.id, `refs/heads/${pull.base.ref}`)
  if (issueOf(github.state, repository.id, pull.number).state === 'closed' || base === null) throw notMergeable()
  if (pull.isDraft) throw new Refusal(405, 'Pull Request is still a draft')
  if (input.sha !== undefined && input.sha !== pull.head.sha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  if (!repository.mergeMethods[input.method ?? 'merge'])
    throw new Refusal(405, `${WORDS[input.method ?? 'merge']} are not allowed on this repository.`)
  // where finding out takes time, GitHub does not merge before it knows
  if (github.state.settings.mergeableAfterMs > 0 && (await mergeableNow(github, repository.id, pull.number)) === null)
    throw new Refusal(405, 'Base branch was modified. Review and try the merge again.')
  await refuseWorkflowsBetween(github, actor, repository, base, pull.head.sha)
  const obstacles = await mergeObstacles(github, actor, pull)
  if (obstacles.length > 0)
    throw new Refusal(405, ['Repository rule violations found', ...obstacles.map((one) => one.message)].join('\n\n'))
  return base
}

const WORDS = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const

function notMergeable(): Refusal {
  return new Refusal(405, 'Pull Request is not mergeable')
}

async function deleteHead(github: GitHub, actor: Actor, repository: WorldRepository, pull: WorldPull): Promise<void> {
  if (!repository.deleteBranchOnMerge || pull.head.repository !== repository.id) return
  const ref = `refs/heads/${pull.head.ref}`
  const from = await github.storage.tip(repository.id, ref)
  if (from !== null) await moveRefs(github, actor, { repository: repository.id, change: { ref, from, to: null } })
}
