import { commitTree } from '../api-commit.ts'
import { announcePull, endPull, replacePull } from '../change-pull.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { reconcileQueue } from '../merge-queue.ts'
import { moveRefs } from '../move-refs.ts'
import { keepHead } from '../ref-moved.ts'
import { refuseRefChange } from '../ref-rules.ts'
import { issueOf, pullOf, repositoryOf } from '../state/find.ts'
import type { WorldPull } from '../state/pulls.ts'

interface Named {
  readonly repository: number
  readonly number: number
}

/** Title, text or base. A new base is told as `edited` with `changes.base`, and re-opens the question of merging. */
export function editPull(
  github: GitHub,
  actor: Actor,
  input: Named & { readonly title?: string; readonly body?: string | null; readonly base?: string },
): Promise<WorldPull> {
  return github.turn(input.repository, async () => {
    const pull = pullOf(github.state, input.repository, input.number)
    const issue = issueOf(github.state, input.repository, input.number)
    const base =
      input.base === undefined || input.base === pull.base.ref ? null : await newBase(github, pull, input.base)
    const title = input.title !== undefined && input.title !== issue.title ? input.title : null
    const hasBody = input.body !== undefined && input.body !== issue.body
    if (base === null && title === null && !hasBody) return pull
    const next = replacePull(github, pull, {
      issue: {
        ...(title === null ? {} : { title }),
        ...(hasBody ? { body: input.body ?? null, lastEditedAt: github.clock.now() } : {}),
      },
      ...(base === null ? {} : { pull: { base, mergeability: null, mergeabilityAskedAt: null, mergeCommit: null } }),
    })
    const changes = {
      ...(title === null ? {} : { title: { from: issue.title } }),
      ...(hasBody ? { body: { from: issue.body ?? '' } } : {}),
      ...(base === null ? {} : { base: { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } } }),
    }
    await announcePull(github, actor, next, 'edited', { changes })
    await reconcileQueue(github, input.repository)
    return next
  })
}

async function newBase(github: GitHub, pull: WorldPull, ref: string): Promise<WorldPull['base']> {
  const sha = await github.storage.tip(pull.repository, `refs/heads/${ref}`)
  const errors = [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]
  if (sha === null || issueOf(github.state, pull.repository, pull.number).state === 'closed')
    throw new Refusal(422, 'Validation Failed', { errors })
  return { ref, sha }
}

export function closePull(github: GitHub, actor: Actor, input: Named): Promise<WorldPull> {
  return github.turn(input.repository, async () => {
    const pull = pullOf(github.state, input.repository, input.number)
    if (issueOf(github.state, input.repository, input.number).state === 'closed') return pull
    const next = await endPull(github, actor, pull, null)
    await reconcileQueue(github, input.repository)
    return next
  })
}

/** @throws {Refusal} 422 when merged, or when its branch is gone */
export function reopenPull(github: GitHub, actor: Actor, input: Named): Promise<WorldPull> {
  return github.turn(input.repository, async () => {
    const pull = pullOf(github.state, input.repository, input.number)
    if (issueOf(github.state, input.repository, input.number).state === 'open') return pull
    const head =
      pull.head.repository === null
        ? null
        : await github.storage.tip(pull.head.repository, `refs/heads/${pull.head.ref}`)
    const base = await github.storage.tip(pull.repository, `refs/heads/${pull.base.ref}`)
    if (pull.mergedAt !== null || head === null || base === null)
      throw new Refusal(422, 'Validation Failed', {
        errors: [{ resource: 'PullRequest', code: 'custom', field: 'state', message: 'state cannot be changed.' }],
      })
    await keepHead(github, pull, head)
    const next = replacePull(github, pull, {
      issue: { state: 'open', closedAt: null, closedBy: null, stateReason: 'reopened' },
      pull: { head: { ...pull.head, sha: head }, base: { ...pull.base, sha: base }, mergeabilityAskedAt: null },
    })
    await announcePull(github, actor, next, 'reopened')
    return next
  })
}

export function convertToDraft(github: GitHub, actor: Actor, input: Named): Promise<WorldPull> {
  return setDraft(github, actor, input, true)
}

export function markReady(github: GitHub, actor: Actor, input: Named): Promise<WorldPull> {
  return setDraft(github, actor, input, false)
}

function setDraft(github: GitHub, actor: Actor, input: Named, isDraft: boolean): Promise<WorldPull> {
  return github.turn(input.repository, async () => {
    const pull = pullOf(github.state, input.repository, input.number)
    if (pull.isDraft === isDraft) return pull
    const next = replacePull(github, pull, { pull: { isDraft } })
    await announcePull(github, actor, next, isDraft ? 'converted_to_draft' : 'ready_for_review')
    return next
  })
}

/** The button "Update branch": merges the base into the head, 422 when the head is not the expected one or conflicts. */
export function updateBranch(
  github: GitHub,
  actor: Actor,
  input: Named & { readonly expectedHeadSha?: string },
): Promise<{ readonly sha: string }> {
  return github.turn(input.repository, async () => {
    const { storage, state } = github
    const pull = pullOf(state, input.repository, input.number)
    if (input.expectedHeadSha !== undefined && input.expectedHeadSha !== pull.head.sha)
      throw new Refusal(422, `expected head sha didn't match current head ref.`)
    const base = (await storage.tip(pull.repository, `refs/heads/${pull.base.ref}`)) ?? pull.base.sha
    const tree = await storage.mergeTree(pull.repository, pull.head.sha, base)
    if (tree === null || pull.head.repository === null) throw new Refusal(422, 'merge conflict between base and head')
    const parents = [pull.head.sha, base]
    const message = `Merge branch '${pull.base.ref}' into ${pull.head.ref}`
    const sha = await commitTree(github, actor, { repository: pull.repository, tree, parents, message, isWeb: true })
    const change = { ref: `refs/heads/${pull.head.ref}`, from: pull.head.sha, to: sha }
    await refuseRefChange(github, actor, repositoryOf(state, pull.head.repository), change)
    await moveRefs(github, actor, { repository: pull.head.repository, change })
    return { sha }
  })
}
