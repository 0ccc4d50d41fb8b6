import type { GitHub, WorkflowJob, WorkflowRun } from '../github-state.ts'
import { accountOf, fullName, repositoryOf } from '../state/find.ts'
import type { Contexts, Standing } from './evaluate.ts'
import { jobsOf, needsOf, type WorkflowFile } from './workflow-file.ts'

/** What expressions of a run may look at before a runner has it. */
export function runContexts(github: GitHub, run: WorkflowRun): Contexts {
  return {
    github: githubContext(github, run),
    inputs: run.inputs,
    vars: github.state.variables.get(run.repository) ?? {},
  }
}

export function githubContext(github: GitHub, run: WorkflowRun): Readonly<Record<string, unknown>> {
  const { state } = github
  const repository = repositoryOf(state, run.repository)
  const owner = accountOf(state, repository.owner)
  const name = fullName(state, repository)
  const { apiUrl, htmlUrl } = state.settings
  const pull = run.payload.pull_request as
    | { readonly head: { readonly ref: string }; readonly base: { readonly ref: string } }
    | undefined
  return {
    actor: accountOf(state, run.actor).login,
    actor_id: String(run.actor),
    api_url: apiUrl,
    base_ref: pull?.base.ref ?? '',
    event: run.payload,
    event_name: run.event,
    graphql_url: apiUrl.endsWith('/api/v3') ? apiUrl.replace('/api/v3', '/api/graphql') : `${apiUrl}/graphql`,
    head_ref: pull?.head.ref ?? '',
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    ref_protected: false,
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: name,
    repository_id: String(repository.id),
    repository_owner: owner.login,
    repository_owner_id: String(owner.id),
    repositoryUrl: `${htmlUrl.replace(/^https?/, 'git')}/${name}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: run.isFromFork ? 'None' : 'Actions',
    server_url: htmlUrl,
    sha: run.sha,
    triggering_actor: accountOf(state, run.triggeringActor).login,
    workflow: run.name,
    workflow_ref: `${name}/${run.path}@${run.ref}`,
    workflow_sha: run.sha,
  }
}

export function jobsOfRun(github: GitHub, run: Pick<WorkflowRun, 'id' | 'attempt'>): readonly WorkflowJob[] {
  return [...github.state.jobs.values()].filter((job) => job.run === run.id && job.attempt === run.attempt)
}

/** Result of all jobs of one key together. */
export function resultOf(jobs: readonly WorkflowJob[]): 'success' | 'failure' | 'cancelled' | 'skipped' {
  const ends = jobs.map((job) => (job.conclusion === 'failure' && job.continuesOnError ? 'success' : job.conclusion))
  if (ends.includes('failure')) return 'failure'
  if (ends.includes('cancelled')) return 'cancelled'
  return ends.length > 0 && ends.every((one) => one === 'skipped') ? 'skipped' : 'success'
}

/** `needs` of a job: results and outputs of those that it waited for. */
export function needsContext(all: readonly WorkflowJob[], needs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    needs.map((key) => {
      const jobs = all.filter((job) => job.key === key)
      // jobs of a matrix share their outputs: a later one writes over an earlier one, an empty text writes nothing
      const said = jobs.flatMap((job) => Object.entries(job.outputs).filter(([, value]) => value !== ''))
      return [key, { result: resultOf(jobs), outputs: Object.fromEntries(said) }]
    }),
  )
}

/** What a job sees of those before it: any ancestor that failed, or a need that did not succeed. */
export function standingBefore(
  file: WorkflowFile,
  all: readonly WorkflowJob[],
  key: string,
  run: WorkflowRun,
): Standing {
  const jobs = jobsOf(file)
  const result = (one: string) => resultOf(all.filter((job) => job.key === one))
  const ancestors = new Set<string>()
  const collect = (of: string) => {
    for (const one of needsOf(jobs[of] ?? {}))
      if (!ancestors.has(one)) {
        ancestors.add(one)
        collect(one)
      }
  }
  collect(key)
  const hasFailed = [...ancestors].some((one) => result(one) === 'failure')
  const isLeft = needsOf(jobs[key] ?? {}).some((one) => result(one) !== 'success')
  return { hasFailed: hasFailed || isLeft, isCancelled: run.isCancelled }
}
