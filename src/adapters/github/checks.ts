import { z } from 'zod'
import type { CheckWrite, FoundCheck, FoundRollUp } from '../../ports/check-run.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { createdOnce } from './created-once.ts'
import { latestByName, ROLL_UP, restRunSchema } from './found-check.ts'
import { inRepository, type Side } from './side.ts'

/** Pages of a hundred names of checks. */
const MOST_PAGES = 5
const idSchema = z.object({ id: z.int().positive() })

/** Our latest check runs on a commit, by name; a run of the same name by another app is none of ours. */
export async function checksOn(side: Side, repository: HostedRepository, sha: string): Promise<readonly FoundCheck[]> {
  return latestByName(await runsOn(side, repository, { sha, filter: 'latest' }))
}

/** Every roll-up of ours on a commit, oldest first. */
export async function rollUpsOn(
  side: Side,
  repository: HostedRepository,
  sha: string,
): Promise<readonly FoundRollUp[]> {
  const runs = await runsOn(side, repository, { sha, filter: 'all', check_name: ROLL_UP })
  return runs.filter(({ name }) => name === ROLL_UP).sort((a, b) => a.id - b.id)
}

interface AskedRuns {
  readonly sha: string
  readonly filter: 'latest' | 'all'
  readonly check_name?: string
}

async function runsOn(side: Side, repository: HostedRepository, { sha, ...asked }: AskedRuns): Promise<FoundRollUp[]> {
  const found: FoundRollUp[] = []
  for (let page = 1; ; page++) {
    const { total_count, check_runs } = await side.calls.get({
      operation: 'read our checks',
      route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
      parameters: { ...inRepository(repository), ref: sha, app_id: side.appId, ...asked, per_page: 100, page },
      answer: z.object({ total_count: z.int(), check_runs: z.array(restRunSchema) }),
    })
    found.push(...check_runs.filter(({ app }) => app === side.appId).map(({ check }) => check))
    if (100 * page >= total_count) return found
    if (page === MOST_PAGES) throw tooMany(sha)
  }
}

function tooMany(sha: string): HostFailure {
  const operation = 'read our checks'
  const because = `more than ${100 * MOST_PAGES} checks of ours on ${sha.slice(0, 12)}`
  return new HostFailure(`${operation}: ${because}`, { operation, status: 200, retryable: false })
}

/** Creates a check run, or changes one. After a lost answer it is looked for before it is created again. */
export async function publish(
  side: Side,
  repository: HostedRepository,
  check: CheckWrite,
): Promise<{ readonly id: number }> {
  if (check.id !== null) return change(side, repository, check, check.id)
  const parameters = { ...inRepository(repository), name: check.name, head_sha: check.headSha, ...bodyOf(check) }
  const { id } = await createdOnce<{ readonly id: number }>(side, {
    find: async () => (await checksOn(side, repository, check.headSha)).find((found) => isThat(found, check)) ?? null,
    create: () =>
      side.calls.send(
        {
          operation: 'create a check run',
          route: 'POST /repos/{owner}/{repo}/check-runs',
          parameters,
          answer: idSchema,
        },
        false,
      ),
  })
  return { id }
}

const isThat = (found: FoundCheck, { name, externalId, status }: CheckWrite) =>
  found.name === name && found.externalId === externalId && found.status === status

async function change(side: Side, repository: HostedRepository, check: CheckWrite, id: number) {
  const parameters = { ...inRepository(repository), check_run_id: id, ...bodyOf(check) }
  const route = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'
  // annotations are appended by every PATCH: such a one is not repeated
  const isRepeatable = check.annotations.length === 0
  return side.calls.send({ operation: 'change a check run', route, parameters, answer: idSchema }, isRepeatable)
}

/** Name and commit stay as they were created. */
function bodyOf(check: CheckWrite) {
  return {
    status: check.status,
    external_id: check.externalId,
    ...(check.conclusion !== null && { conclusion: check.conclusion }),
    ...(check.detailsUrl !== null && { details_url: check.detailsUrl }),
    output: {
      title: check.title,
      summary: check.summary,
      ...((check.text !== null || check.id !== null) && { text: check.text ?? '' }),
      ...(check.annotations.length > 0 && { annotations: check.annotations.map(annotationOf) }),
    },
    actions: check.buttons.map(({ label, description, identifier }) => ({ label, description, identifier })),
  }
}

function annotationOf({ path, startLine, endLine, level, title, message }: CheckWrite['annotations'][number]) {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message }
}
