import type { CheckAnnotation, CheckRun, CommitStatus, GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, repositoryOf } from '../../state/find.ts'
import { accountBody, timeText } from '../../webhooks/bodies/account-body.ts'
import { runBody } from '../../webhooks/bodies/check-body.ts'
import { repositoryPage, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'

/** A check run as the API shows it: of its suite only the id. */
export function checkRunBody(state: GitHubState, run: CheckRun) {
  return { ...runBody(state, run), check_suite: { id: run.suite } }
}

export function annotationBody(state: GitHubState, run: CheckRun, annotation: CheckAnnotation) {
  const page = repositoryPage(state, repositoryOf(state, run.repository))
  return { ...annotation, blob_href: `${page}/blob/${run.headSha}/${encodeURI(annotation.path)}` }
}

/** A status in a commit's list. */
export function shortStatusBody(state: GitHubState, status: CommitStatus) {
  const creator = accountBody(state, accountOf(state, status.creator))
  return {
    url: `${repositoryUrl(state, repositoryOf(state, status.repository))}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timeText(status.createdAt),
    updated_at: timeText(status.createdAt),
  }
}

export function statusBody(state: GitHubState, status: CommitStatus) {
  return { ...shortStatusBody(state, status), creator: accountBody(state, accountOf(state, status.creator)) }
}
