import type { GitHub, GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import type { CheckRun, CheckSuite } from '../../state/checks.ts'
import { appOf, openPullsOf, repositoryOf } from '../../state/find.ts'
import { timeText, timeTextOrNull } from './account-body.ts'
import { appBody } from './app-body.ts'
import { simpleCommitBody } from './commit-body.ts'
import { checkPullBody } from './pull-body.ts'
import { repositoryPage, repositoryUrl } from './repository-body.ts'

/** Open pull requests of this repository's own branches with that head: those of forks are not listed. */
function pullsOn(state: GitHubState, repository: number, sha: string) {
  return openPullsOf(state, repository)
    .filter((pull) => pull.head.sha === sha && pull.head.repository === repository)
    .map((pull) => checkPullBody(state, pull))
}

function suiteFields(state: GitHubState, suite: CheckSuite) {
  const url = `${repositoryUrl(state, repositoryOf(state, suite.repository))}/check-suites/${suite.id}`
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: suite.before,
    after: suite.after,
    pull_requests: pullsOn(state, suite.repository, suite.headSha),
    app: appBody(state, appOf(state, suite.app)),
    created_at: timeText(suite.createdAt),
    updated_at: timeText(suite.updatedAt),
  }
}

export async function suiteBody(github: GitHub, suite: CheckSuite) {
  const { state, storage } = github
  const commit = await storage.commit(suite.repository, suite.headSha)
  const runs = [...state.runs.values()].filter((run) => run.suite === suite.id)
  const fields = suiteFields(state, suite)
  return {
    ...fields,
    app: publishedApp(fields.app),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: new Set(runs.map((run) => run.name)).size,
    check_runs_url: `${fields.url}/check-runs`,
    head_commit: commit === null ? null : simpleCommitBody(commit),
  }
}

/** The schema that GitHub publishes for suites is older than merge queues, so an app is shown without them there. */
function publishedApp(app: ReturnType<typeof appBody>) {
  const { merge_queues: _, ...permissions } = app.permissions
  return { ...app, permissions, events: app.events.filter((event) => event !== 'merge_group') }
}

export function runBody(state: GitHubState, run: CheckRun) {
  const repository = repositoryOf(state, run.repository)
  const url = `${repositoryUrl(state, repository)}/check-runs/${run.id}`
  const page = `${repositoryPage(state, repository)}/runs/${run.id}`
  const suite = state.suites.get(run.suite)
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: timeText(run.startedAt),
    completed_at: timeTextOrNull(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: suite === undefined ? null : suiteFields(state, suite),
    app: appBody(state, appOf(state, run.app)),
    pull_requests: pullsOn(state, run.repository, run.headSha),
  }
}
