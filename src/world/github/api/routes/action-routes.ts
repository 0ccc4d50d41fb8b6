import { dispatchWorkflow, workflowNamed } from '../../actions/dispatch-workflow.ts'
import { cancelRun, forceCancelRun, rerun } from '../../actions/end-run.ts'
import { registerDefault, workflowsOf } from '../../actions/register-workflow.ts'
import { Refusal, type WorkflowRun } from '../../github-state.ts'
import { accountOf } from '../../state/find.ts'
import { artifactBody, jobBody, runPage, workflowBody, workflowRunBody } from '../../webhooks/bodies/workflow-body.ts'
import { redirectTo } from '../downloads.ts'
import { listed } from '../paging.ts'
import { created, found, nothing, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const actionRoutes = {
  'actions/list-repo-workflows': async (call) => {
    await registerDefault(call.github, call.repository.id)
    const all = workflowsOf(call.github, call.repository.id)
    return listed(
      call,
      all,
      (one) => workflowBody(call.github.state, one),
      (workflows) => ({ total_count: all.length, workflows }),
    )
  },
  'actions/get-workflow': async (call) => ok(workflowBody(call.github.state, await workflowIn(call))),
  'actions/enable-workflow': (call) => switched(call, 'active'),
  'actions/disable-workflow': (call) => switched(call, 'disabled_manually'),
  'actions/create-workflow-dispatch': async (call) => {
    const { ref, inputs = {}, return_run_details: wantsDetails } = call.body
    const run = await dispatchWorkflow(call.github, call.actor, {
      repository: call.repository.id,
      workflow: call.params.workflow_id ?? '',
      ref: String(ref),
      inputs: inputs as Readonly<Record<string, unknown>>,
    })
    const { state } = call.github
    if (wantsDetails !== true || !state.settings.givesRunDetails) return nothing()
    const {
      id: workflow_run_id,
      run_url,
      html_url,
    } = {
      id: run.id,
      run_url: (await workflowRunBody(call.github, run)).url,
      html_url: runPage(state, run),
    }
    return ok({ workflow_run_id, run_url, html_url })
  },
  'actions/list-workflow-runs': async (call) => {
    const workflow = await workflowIn(call)
    return runList(call, (run) => run.workflow === workflow.id)
  },
  'actions/list-workflow-runs-for-repo': (call) => runList(call, () => true),
  'actions/get-workflow-run': async (call) => ok(await workflowRunBody(call.github, runIn(call))),
  'actions/get-workflow-run-attempt': async (call) => ok(await workflowRunBody(call.github, attemptIn(call))),
  'actions/cancel-workflow-run': async (call) => {
    await cancelRun(call.github, runIn(call).id)
    return { status: 202, body: {} }
  },
  'actions/force-cancel-workflow-run': async (call) => {
    await forceCancelRun(call.github, runIn(call).id)
    return { status: 202, body: {} }
  },
  'actions/re-run-workflow': async (call) => {
    await rerun(call.github, call.actor, runIn(call).id, 'all')
    return created({})
  },
  'actions/re-run-workflow-failed-jobs': async (call) => {
    await rerun(call.github, call.actor, runIn(call).id, 'failed')
    return created({})
  },
  'actions/list-jobs-for-workflow-run': (call) => {
    const run = runIn(call)
    return jobList(call, run, call.query.filter === 'all' ? null : run.attempt)
  },
  'actions/list-jobs-for-workflow-run-attempt': (call) => jobList(call, runIn(call), attemptIn(call).attempt),
  'actions/get-job-for-workflow-run': (call) => {
    const { job, run } = jobIn(call)
    return ok(jobBody(call.github.state, run, job))
  },
  'actions/download-job-logs-for-workflow-run': (call) => redirectTo(call.github, 'logs', jobIn(call).job.id),
  'actions/list-artifacts-for-repo': (call) => artifactList(call, () => true),
  'actions/list-workflow-run-artifacts': (call) => {
    const run = runIn(call)
    return artifactList(call, (one) => one.run === run.id)
  },
  'actions/get-artifact': (call) => ok(artifactBody(call.github.state, artifactIn(call), call.github.clock.now())),
  'actions/download-artifact': (call) => {
    const artifact = artifactIn(call)
    if (call.params.archive_format !== 'zip') throw new Refusal(400, 'The archive format must be zip')
    if (artifact.expiresAt <= call.github.clock.now()) throw new Refusal(410, 'Artifact has expired')
    return redirectTo(call.github, 'artifacts', artifact.id)
  },
} satisfies Readonly<Record<string, RestHandler>>

function workflowIn(call: RestCall) {
  return workflowNamed(call.github, call.repository.id, call.params.workflow_id ?? '')
}

async function switched(call: RestCall, state: 'active' | 'disabled_manually') {
  const workflow = await workflowIn(call)
  call.github.state.workflows.set(workflow.id, { ...workflow, state, updatedAt: call.github.clock.now() })
  return nothing()
}

function runIn(call: RestCall): WorkflowRun {
  const run = found(call.github.state.workflowRuns.get(Number(call.params.run_id)))
  return found(run.repository === call.repository.id ? run : null)
}

/** Of earlier attempts the jobs are kept; how the run stood then is told by them alone. */
function attemptIn(call: RestCall): WorkflowRun {
  const run = runIn(call)
  const attempt = Number(call.params.attempt_number)
  if (attempt === run.attempt) return run
  const jobs = [...call.github.state.jobs.values()].filter((job) => job.run === run.id && job.attempt === attempt)
  found(jobs[0])
  const conclusions = jobs.map((job) => job.conclusion)
  const worst = (['failure', 'cancelled'] as const).find((one) => conclusions.includes(one))
  return { ...run, attempt, status: 'completed', conclusion: worst ?? 'success' }
}

function jobIn(call: RestCall) {
  const job = found(call.github.state.jobs.get(Number(call.params.job_id)))
  const run = found(call.github.state.workflowRuns.get(job.run))
  return { job, run: found(run.repository === call.repository.id ? run : null) }
}

function artifactIn(call: RestCall) {
  const artifact = found(call.github.state.artifacts.get(Number(call.params.artifact_id)))
  return found(artifact.repository === call.repository.id ? artifact : null)
}

/** Newest first; `status` is a status or a conclusion. */
function runList(call: RestCall, isMine: (run: WorkflowRun) => boolean) {
  const { state } = call.github
  const { actor, branch, event, status, created: when, head_sha: sha, check_suite_id: suite } = call.query
  const runs = [...state.workflowRuns.values()]
    .filter((run) => run.repository === call.repository.id && isMine(run))
    .filter((run) => actor === undefined || accountOf(state, run.actor).login === actor)
    .filter((run) => branch === undefined || run.headBranch === branch)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => status === undefined || run.status === status || run.conclusion === status)
    .filter((run) => sha === undefined || run.headSha === sha)
    .filter((run) => suite === undefined || run.suite === Number(suite))
    .filter((run) => when === undefined || isWithin(when, run.createdAt))
    .reverse()
  return listed(
    call,
    runs,
    (run) => workflowRunBody(call.github, run),
    (workflow_runs) => ({ total_count: runs.length, workflow_runs }),
  )
}

/** `>=2026-11-18T10:00:00Z`, `2026-11-18..2026-11-19`, `2026-11-18`; to the second, as times are shown. */
function isWithin(range: string, at: number): boolean {
  const second = Math.floor(at / 1000) * 1000
  const [, from, to] = /^(.+?)\.\.(.+)$/.exec(range) ?? []
  if (from !== undefined && to !== undefined)
    return (from === '*' || second >= momentOf(from, 'start')) && (to === '*' || second <= momentOf(to, 'end'))
  const [, sign = '', text = ''] = /^(>=|<=|>|<)?(.+)$/.exec(range) ?? []
  if (sign === '>=') return second >= momentOf(text, 'start')
  if (sign === '<=') return second <= momentOf(text, 'end')
  if (sign === '>') return second > momentOf(text, 'end')
  if (sign === '<') return second < momentOf(text, 'start')
  return second >= momentOf(text, 'start') && second <= momentOf(text, 'end')
}

function momentOf(text: string, side: 'start' | 'end'): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Refusal(422, `created: ${text} is no time`)
  return side === 'end' && /^\d{4}-\d{2}-\d{2}$/.test(text) ? at + 86_399_999 : at
}

function jobList(call: RestCall, run: WorkflowRun, attempt: number | null) {
  const jobs = [...call.github.state.jobs.values()]
    .filter((job) => job.run === run.id && (attempt === null || job.attempt === attempt))
    // GitHub shows a job from when it is queued on
    .filter((job) => job.status !== 'pending')
  return listed(
    call,
    jobs,
    (job) => jobBody(call.github.state, run, job),
    (shown) => ({ total_count: jobs.length, jobs: shown }),
  )
}

function artifactList(call: RestCall, isMine: (artifact: { readonly run: number }) => boolean) {
  const { state, clock } = call.github
  const artifacts = [...state.artifacts.values()]
    .filter((one) => one.repository === call.repository.id && isMine(one))
    .filter((one) => call.query.name === undefined || one.name === call.query.name)
    .reverse()
  return listed(
    call,
    artifacts,
    (one) => artifactBody(state, one, clock.now()),
    (shown) => ({ total_count: artifacts.length, artifacts: shown }),
  )
}
