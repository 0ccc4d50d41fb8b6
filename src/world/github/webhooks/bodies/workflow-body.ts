import type { GitHub, GitHubState, WorkflowJob, WorkflowRun, WorldArtifact, WorldWorkflow } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, openPullsOf, repositoryOf } from '../../state/find.ts'
import { accountBody, timeText, timeTextOrNull } from './account-body.ts'
import { simpleCommitBody } from './commit-body.ts'
import { checkPullBody } from './pull-body.ts'
import { minimalRepositoryBody, repositoryPage, repositoryUrl } from './repository-body.ts'

export function workflowBody(state: GitHubState, workflow: WorldWorkflow) {
  const repository = repositoryOf(state, workflow.repository)
  const page = repositoryPage(state, repository)
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: timeText(workflow.createdAt),
    updated_at: timeText(workflow.updatedAt),
    url: `${repositoryUrl(state, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/actions/${workflow.path.replace('.github/', '')}/badge.svg`,
  }
}

/** Pull requests of this repository's own branches: for a fork the list is empty. */
function pullsOf(state: GitHubState, run: WorkflowRun) {
  return openPullsOf(state, run.repository)
    .filter((pull) => pull.head.sha === run.headSha && pull.head.repository === run.repository)
    .map((pull) => checkPullBody(state, pull))
}

export async function workflowRunBody(github: GitHub, run: WorkflowRun) {
  const { state, storage } = github
  const repository = repositoryOf(state, run.repository)
  const headRepository = state.repositories.get(run.headRepository) ?? repository
  const base = repositoryUrl(state, repository)
  const url = `${base}/actions/runs/${run.id}`
  const commit = await storage.commit(run.repository, run.headSha)
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: pathOf(state, run),
    display_title: run.displayTitle,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow,
    check_suite_id: run.suite,
    check_suite_node_id: nodeId('CheckSuite', run.suite),
    url,
    html_url: runPage(state, run),
    pull_requests: pullsOf(state, run),
    created_at: timeText(run.createdAt),
    updated_at: timeText(run.updatedAt),
    actor: accountBody(state, accountOf(state, run.actor)),
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: timeText(run.startedAt),
    triggering_actor: accountBody(state, accountOf(state, run.triggeringActor)),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${run.suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${base}/actions/workflows/${run.workflow}`,
    head_commit: commit === null ? null : simpleCommitBody(commit),
    repository: minimalRepositoryBody(state, repository),
    head_repository: minimalRepositoryBody(state, headRepository),
  }
}

/** GitHub's description shows the ref behind the path; its answers show it at times. */
function pathOf(state: GitHubState, run: WorkflowRun): string {
  return state.settings.runPathsNameRef ? `${run.path}@${run.ref}` : run.path
}

export function runPage(state: GitHubState, run: WorkflowRun): string {
  return `${repositoryPage(state, repositoryOf(state, run.repository))}/actions/runs/${run.id}`
}

/** A job as the API and `workflow_job` events show it. */
export function jobBody(state: GitHubState, run: WorkflowRun, job: WorkflowJob) {
  const base = repositoryUrl(state, repositoryOf(state, run.repository))
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    url: `${base}/actions/jobs/${job.id}`,
    html_url: `${runPage(state, run)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timeText(job.createdAt),
    started_at: timeText(job.startedAt ?? job.createdAt),
    completed_at: timeTextOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map(({ startedAt, completedAt, ...step }) => ({
      ...step,
      started_at: timeTextOrNull(startedAt),
      completed_at: timeTextOrNull(completedAt),
    })),
    check_run_url: `${base}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: job.runner?.id ?? null,
    runner_name: job.runner?.name ?? null,
    runner_group_id: job.runner === null ? null : 1,
    runner_group_name: job.runner === null ? null : 'Default',
  }
}

export function artifactBody(state: GitHubState, artifact: WorldArtifact, now: number) {
  const url = `${repositoryUrl(state, repositoryOf(state, artifact.repository))}/actions/artifacts/${artifact.id}`
  const run = state.workflowRuns.get(artifact.run)
  return {
    id: artifact.id,
    node_id: nodeId('Artifact', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.archive.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expiresAt <= now,
    digest: artifact.digest,
    created_at: timeText(artifact.createdAt),
    updated_at: timeText(artifact.createdAt),
    expires_at: timeText(artifact.expiresAt),
    workflow_run:
      run === undefined
        ? null
        : {
            id: run.id,
            repository_id: run.repository,
            head_repository_id: run.headRepository,
            ...(run.headBranch === null ? {} : { head_branch: run.headBranch }),
            head_sha: run.headSha,
          },
  }
}
