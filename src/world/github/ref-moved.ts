import { announcePush } from './announce-push.ts'
import { announcePull, endPull, replacePull } from './change-pull.ts'
import type { Actor, GitHub } from './github-state.ts'
import { dismissStaleReviews } from './stale-reviews.ts'
import { openPullsOf, repositoryOf, takeId } from './state/find.ts'
import type { WorldPull } from './state/pulls.ts'
import type { RefActivity } from './state/repositories.ts'
import { accountBehind } from './state/roles.ts'
import type { RefChange } from './storage/git-storage.ts'
import { requestSuites } from './suites.ts'

export interface Movement {
  readonly repository: number
  readonly change: RefChange
  readonly kind?: RefActivity['kind']
  /** Pull requests that land with this movement and are ended by whoever moves. */
  readonly landing?: readonly number[]
}

/**
 * What follows when a ref has moved, whoever moved it: the activity list, `push`, check suites, and every pull request
 * that has the branch as its head or its base.
 */
export async function refMoved(github: GitHub, actor: Actor, movement: Movement): Promise<void> {
  const { state, storage } = github
  const { repository, change } = movement
  const isForced =
    change.from !== null && change.to !== null && !(await storage.isAncestor(repository, change.from, change.to))
  recordActivity(github, actor, movement, isForced)
  state.repositories.set(repository, { ...repositoryOf(state, repository), pushedAt: github.clock.now() })
  await announcePush(github, actor, repository, change, isForced)
  if (!change.ref.startsWith('refs/heads/')) return
  const branch = change.ref.slice('refs/heads/'.length)
  if (change.to !== null)
    await requestSuites(github, actor, {
      repository,
      headSha: change.to,
      headBranch: branch,
      before: change.from ?? '0'.repeat(40),
    })
  await moveHeads(github, actor, repository, branch, change)
  await moveBases(github, actor, movement, branch)
}

function recordActivity(github: GitHub, actor: Actor, { repository, change, kind }: Movement, isForced: boolean): void {
  const natural = change.from === null ? 'branch_creation' : change.to === null ? 'branch_deletion' : null
  github.state.activity.push({
    id: takeId(github.state),
    repository,
    ref: change.ref,
    before: change.from ?? '0'.repeat(40),
    after: change.to ?? '0'.repeat(40),
    at: github.clock.now(),
    kind: kind ?? natural ?? (isForced ? 'force_push' : 'push'),
    actor: accountBehind(actor).id,
  })
}

/** Pull requests from this branch follow it, in whatever repository they were opened. */
async function moveHeads(
  github: GitHub,
  actor: Actor,
  repository: number,
  branch: string,
  change: RefChange,
): Promise<void> {
  const mine = [...github.state.repositories.keys()]
    .flatMap((base) => openPullsOf(github.state, base))
    .filter((pull) => pull.head.repository === repository && pull.head.ref === branch)
  for (const pull of mine) {
    if (change.to === null) await endPull(github, actor, pull, null)
    else await moveHead(github, actor, pull, change.to)
  }
}

async function moveHead(github: GitHub, actor: Actor, pull: WorldPull, after: string): Promise<void> {
  const { storage } = github
  const before = pull.head.sha
  if (before === after) return
  await keepHead(github, pull, after)
  const base = (await storage.tip(pull.repository, `refs/heads/${pull.base.ref}`)) ?? pull.base.sha
  const next = replacePull(github, pull, {
    pull: {
      head: { ...pull.head, sha: after },
      base: { ...pull.base, sha: base },
      mergeCommit: null,
      mergeabilityAskedAt: null,
    },
  })
  await announcePull(github, actor, next, 'synchronize', { before, after })
  await dismissStaleReviews(github, actor, next, before)
}

/** The base repository keeps every head it has seen, also of forks. */
export async function keepHead(
  github: GitHub,
  pull: Pick<WorldPull, 'repository' | 'number'>,
  sha: string,
): Promise<void> {
  const ref = `refs/pull/${pull.number}/head`
  const from = await github.storage.tip(pull.repository, ref)
  await github.storage.update(pull.repository, [{ ref, from, to: sha }])
}

/** Into a branch that is gone nothing can be merged; what a push brought along is merged. */
async function moveBases(github: GitHub, actor: Actor, movement: Movement, branch: string): Promise<void> {
  const { repository, change, landing = [] } = movement
  const into = openPullsOf(github.state, repository).filter(
    (pull) => pull.base.ref === branch && !landing.includes(pull.number),
  )
  for (const pull of into) {
    if (change.to === null) await endPull(github, actor, pull, null)
    else if (change.from !== null && (await github.storage.isAncestor(repository, pull.head.sha, change.to)))
      await endPull(github, actor, pull, change.to)
    // the test merge is asked for again; until it is known the old answer stays
    else replacePull(github, pull, { pull: { mergeabilityAskedAt: null } })
  }
}
