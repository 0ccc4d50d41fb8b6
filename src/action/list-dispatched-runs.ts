import { z } from 'zod'
import { actionsRun } from '../adapters/machine/actions-run.ts'
import { InvalidCommand } from '../cli/command.ts'
import { Unavailable } from '../ports.ts'
import type { StepContext } from './step-context.ts'

/** A dispatched run of this workflow, as the list shows it. */
export interface ListedRun {
  readonly id: number
  readonly title: string
  /** Id of the account that dispatched it; null when it is gone. */
  readonly actor: number | null
  /** ISO 8601. */
  readonly createdAt: string
}

const answerSchema = z.object({
  total_count: z.int(),
  workflow_runs: z.array(
    z.object({
      id: z.int(),
      display_title: z.string(),
      created_at: z.string(),
      actor: z.object({ id: z.int() }).nullish(),
    }),
  ),
})

const PER_PAGE = 100
/** GitHub lists no more than a thousand. */
const MOST_PAGES = 10

/**
 * All dispatched runs of this workflow at one commit, newest first.
 *
 * @throws {Unavailable} when GitHub gives no list
 */
export async function listDispatchedRuns(of: {
  readonly token: string
  readonly sha: string
  readonly step: StepContext
}): Promise<readonly ListedRun[]> {
  const all: ListedRun[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { total_count, workflow_runs } = await pageOf(of, page)
    all.push(
      ...workflow_runs.map((one) => ({
        id: one.id,
        title: one.display_title,
        actor: one.actor?.id ?? null,
        createdAt: one.created_at,
      })),
    )
    if (workflow_runs.length === 0 || all.length >= total_count) return all
  }
  throw new Unavailable(
    'unreachable',
    'GitHub lists more than 1,000 runs of one commit',
    'Push a commit, then ask again.',
  )
}

async function pageOf(
  { token, sha, step: { env, fetch } }: Parameters<typeof listDispatchedRuns>[0],
  page: number,
): Promise<z.infer<typeof answerSchema>> {
  const run = actionsRun(env)
  if (run === null) throw new InvalidCommand('this is no run of GitHub Actions', 'claim is a step of a workflow.')
  const asked = new URLSearchParams({
    event: 'workflow_dispatch',
    head_sha: sha,
    per_page: String(PER_PAGE),
    page: String(page),
  })
  const runs = `actions/workflows/${encodeURIComponent(run.workflow)}/runs`
  const url = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/${runs}?${asked}`
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` }
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(30_000) }).catch(
    (error: Error) => {
      throw new Unavailable('unreachable', `GitHub did not answer: ${error.message}`, 'Start the run again.')
    },
  )
  const read = answerSchema.safeParse(answer.ok ? await answer.json().catch(() => null) : null)
  if (read.success) return read.data
  throw new Unavailable(
    'unreachable',
    `GitHub answered ${answer.status} to the list of runs`,
    'The job needs permissions: actions: read.',
  )
}
