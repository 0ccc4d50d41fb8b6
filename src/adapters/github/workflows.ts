import { z } from 'zod'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Workflows } from '../../ports/workflow-run.ts'
import { artifactFiles } from './artifact-files.ts'
import { dispatch, fileOf } from './dispatches.ts'
import { unreachable } from './failures.ts'
import { logTail } from './log-tail.ts'
import type { RestCall } from './rest-call.ts'
import { inRepository, type Side } from './side.ts'
import { annotationSchema, artifactSchema, jobSchema, runSchema } from './workflow-schema.ts'

/** Pages of a hundred; GitHub itself lists a thousand runs by a filter, and 256 jobs a matrix. */
const MOST_PAGES = 10

/** Workflows of one repository. */
export function openWorkflows(side: Side, repository: HostedRepository): Workflows {
  const { calls } = side
  const here = inRepository(repository)
  return {
    dispatch: (of) => dispatch(side, repository, of),
    dispatched: async ({ workflow, since }) => {
      const runs = await counted(side, 'workflow_runs', runSchema, {
        operation: 'list the dispatched runs',
        route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
        parameters: { ...here, workflow_id: fileOf(workflow), event: 'workflow_dispatch', created: `>=${since}` },
      })
      return runs.toSorted((a, b) => a.id - b.id)
    },
    run: (id) =>
      unlessGone(() =>
        calls.get({
          operation: 'read a run',
          route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
          parameters: { ...here, run_id: id },
          answer: runSchema,
        }),
      ),
    jobs: (run) =>
      counted(side, 'jobs', jobSchema, {
        operation: 'list the jobs of a run',
        route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
        parameters: { ...here, run_id: run, filter: 'latest' },
      }),
    // the id of a job is the id of its check run
    annotations: (job) =>
      calls.pages(
        {
          operation: 'read the annotations of a job',
          route: 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
          parameters: { ...here, check_run_id: job },
          answer: z.array(annotationSchema),
        },
        MOST_PAGES,
      ),
    logTail: (job, characters) => unlessGone(() => logTail(side, repository, job, characters)),
    artifacts: (run) =>
      counted(side, 'artifacts', artifactSchema, {
        operation: 'list the artifacts of a run',
        route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
        parameters: { ...here, run_id: run },
      }),
    files: (artifact, { maxBytes }) => artifactFiles(side, repository, artifact, maxBytes),
    cancel: (run, { isForced = false } = {}) => cancel(side, repository, run, isForced ? 'force-cancel' : 'cancel'),
  }
}

/** A run that had ended is no failure. */
async function cancel(
  { calls }: Side,
  repository: HostedRepository,
  run: number,
  how: 'cancel' | 'force-cancel',
): Promise<boolean> {
  const call = {
    operation: 'cancel a run',
    route: `POST /repos/{owner}/{repo}/actions/runs/{run_id}/${how}` as const,
    parameters: { ...inRepository(repository), run_id: run },
    answer: z.unknown(),
  }
  try {
    await calls.send(call, true)
    return true
  } catch (error) {
    if (error instanceof HostFailure && error.status === 409) return false
    throw error
  }
}

/**
 * All items of a list that comes with its count, each once: one that grows while it is read shows some twice.
 *
 * @throws {HostFailure} when there are more pages than are read, or fewer items than GitHub counts
 */
async function counted<T extends { readonly id: number }>(
  { calls }: Side,
  name: 'workflow_runs' | 'jobs' | 'artifacts',
  item: z.ZodType<T>,
  call: Omit<RestCall<unknown>, 'answer'>,
): Promise<readonly T[]> {
  const answer = z
    .looseObject({ total_count: z.int().nonnegative() })
    .transform(({ total_count: count, [name]: items }) => ({ count, items }))
    .pipe(z.object({ count: z.int(), items: z.array(item) }))
  const found = new Map<number, T>()
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { count, items } = await calls.get({
      ...call,
      parameters: { ...call.parameters, per_page: 100, page },
      answer,
    })
    for (const one of items) found.set(one.id, one)
    if (100 * page < count) continue
    if (found.size < count) throw unreachable(call.operation, `${found.size} shown of ${count}`)
    return [...found.values()]
  }
  throw unreachable(call.operation, `more than ${100 * MOST_PAGES}`)
}

/** null where GitHub has nothing, or has it no longer. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof HostFailure && (error.status === 404 || error.status === 410)) return null
    throw error
  }
}
