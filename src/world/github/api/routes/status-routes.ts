import { createStatus } from '../../acts/write-status.ts'
import type { CommitStatus } from '../../github-state.ts'
import { repositoryBody, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { shortStatusBody, statusBody } from '../bodies/check-body.ts'
import { combinedState, latestStatuses } from '../commit-statuses.ts'
import { commitMeant } from '../named.ts'
import { pageOf } from '../paging.ts'
import { created, found, type RestHandler } from '../rest-call.ts'

export const statusRoutes = {
  'repos/create-commit-status': async (call) => {
    const body = call.body as {
      readonly state: CommitStatus['state']
      readonly context?: string
      readonly description?: string | null
      readonly target_url?: string | null
    }
    const status = await createStatus(call.github, call.actor, {
      repository: call.repository.id,
      sha: call.params.sha ?? '',
      state: body.state,
      description: body.description ?? null,
      targetUrl: body.target_url ?? null,
      ...(body.context === undefined ? {} : { context: body.context }),
    })
    return created(statusBody(call.github.state, status))
  },
  'repos/get-combined-status-for-ref': async (call) => {
    const { state } = call.github
    const sha = found(await commitMeant(call.github, call.repository, call.params.ref ?? ''))
    const all = latestStatuses(state, call.repository.id, sha)
    const { items, headers } = pageOf(call, all)
    const base = repositoryUrl(state, call.repository)
    return {
      status: 200,
      headers,
      body: {
        state: combinedState(all),
        statuses: items.map((one) => shortStatusBody(state, one)),
        sha,
        total_count: all.length,
        repository: repositoryBody(state, call.repository),
        commit_url: `${base}/commits/${sha}`,
        url: `${base}/commits/${sha}/status`,
      },
    }
  },
} satisfies Readonly<Record<string, RestHandler>>
