import { announce } from '../announce.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { reconcileQueue } from '../merge-queue.ts'
import type { CommitStatus } from '../state/checks.ts'
import { fullName, repositoryOf, takeId } from '../state/find.ts'
import { accountBehind } from '../state/roles.ts'
import { accountBody, timeText } from '../webhooks/bodies/account-body.ts'
import { commitBody } from '../webhooks/bodies/commit-body.ts'
import { repositoryUrl } from '../webhooks/bodies/repository-body.ts'

/** GitHub keeps at most this many statuses of one context on a commit. */
const MOST_STATUSES = 1000

export interface NewStatus {
  readonly repository: number
  readonly sha: string
  readonly state: CommitStatus['state']
  readonly context?: string
  readonly description?: string | null
  readonly targetUrl?: string | null
}

/** Of several statuses of a context the latest counts. */
export function createStatus(github: GitHub, actor: Actor, input: NewStatus): Promise<CommitStatus> {
  return github.turn(input.repository, async () => {
    const { state, storage } = github
    if ((await storage.commit(input.repository, input.sha)) === null)
      throw new Refusal(422, `No commit found for SHA: ${input.sha}`)
    const context = input.context ?? 'default'
    const same = [...state.statuses.values()].filter((one) => one.sha === input.sha && one.context === context)
    if (same.length >= MOST_STATUSES)
      throw new Refusal(422, 'Validation Failed', {
        errors: [
          {
            resource: 'Status',
            code: 'custom',
            message: `This SHA and context has reached the maximum number of statuses.`,
          },
        ],
      })
    const status: CommitStatus = {
      id: takeId(state),
      repository: input.repository,
      sha: input.sha,
      state: input.state,
      context,
      description: input.description ?? null,
      targetUrl: input.targetUrl ?? null,
      creator: accountBehind(actor).id,
      app: actor.kind === 'installation' ? actor.app.id : null,
      createdAt: github.clock.now(),
    }
    state.statuses.set(status.id, status)
    await announce(github, actor, {
      event: 'status',
      action: null,
      repository: input.repository,
      body: () => statusBody(github, actor, status),
    })
    await reconcileQueue(github, input.repository)
    return status
  })
}

async function statusBody(github: GitHub, actor: Actor, status: CommitStatus) {
  const { state, storage } = github
  const repository = repositoryOf(state, status.repository)
  const commit = await storage.commit(status.repository, status.sha)
  const heads = [...(await storage.refs(status.repository, 'refs/heads/'))].filter(([, sha]) => sha === status.sha)
  return {
    id: status.id,
    sha: status.sha,
    name: fullName(state, repository),
    target_url: status.targetUrl,
    avatar_url: accountBody(state, accountBehind(actor)).avatar_url,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commit === null ? null : commitBody(github, status.repository, commit),
    branches: heads.map(([ref, sha]) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha, url: `${repositoryUrl(state, repository)}/commits/${sha}` },
      protected: false,
    })),
    created_at: timeText(status.createdAt),
    updated_at: timeText(status.createdAt),
  }
}
