import { z } from 'zod'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { DispatchAnswer, Workflows } from '../../ports/workflow-run.ts'
import { inRepository, type Side } from './side.ts'

const startedSchema = z.object({ workflow_run_id: z.int().positive() })
/** 204 has no body: that edition does not say which run it became. Whatever else it says, the dispatch was taken. */
const takenSchema = z.unknown().transform((body) => startedSchema.safeParse(body).data?.workflow_run_id ?? null)

/** GitHub's words for a key that an edition does not know. */
const UNKNOWN_KEY = /return_run_details/

/**
 * Starts a workflow. A lost answer is thrown as ambiguous and never followed by another try: GitHub has no key for a
 * dispatch, so only the runs themselves tell, by their titles.
 */
export async function dispatch(
  side: Side,
  repository: HostedRepository,
  of: Parameters<Workflows['dispatch']>[0],
): Promise<DispatchAnswer> {
  try {
    return await started(side, repository, of, { return_run_details: true })
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (!UNKNOWN_KEY.test(error.message)) return { is: 'refused', because: wordsOf(error) }
  }
  // refused for the key alone: nothing was started
  try {
    return await started(side, repository, of, {})
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { is: 'refused', because: wordsOf(error) }
  }
}

async function started(
  { calls }: Side,
  repository: HostedRepository,
  { workflow, ref, inputs }: Parameters<Workflows['dispatch']>[0],
  more: { readonly return_run_details?: true },
): Promise<DispatchAnswer> {
  const runId = await calls.send(
    {
      operation: 'dispatch a workflow',
      route: 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      parameters: { ...inRepository(repository), workflow_id: fileOf(workflow), ref, inputs: { ...inputs }, ...more },
      answer: takenSchema,
    },
    false,
  )
  return { is: 'accepted', runId }
}

/** GitHub knows a workflow by the name of its file. */
export function fileOf(workflow: string): string {
  return workflow.replace(/^\.github\/workflows\//, '')
}

function isRefusal(error: unknown): error is HostFailure {
  return error instanceof HostFailure && (error.status === 404 || error.status === 422)
}

function wordsOf({ message }: HostFailure): string {
  return message.replace(/^.*?GitHub answered \d+ ?/, '') || 'GitHub does not say why'
}
