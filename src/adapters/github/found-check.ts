import { z } from 'zod'
import type { FoundCheck, FoundRollUp } from '../../ports/check-run.ts'
import { whole } from './side.ts'

/** The check that branch protection requires. */
export const ROLL_UP = 'weighbridge'

/** A node of a connection of ours: more check suites or runs than this on one commit are not believed. */
export const LATEST_RUNS = `
fragment LatestRuns on Commit {
  oid
  checkSuites(first: 10, filterBy: { appId: $app }) {
    pageInfo { hasNextPage }
    nodes {
      checkRuns(first: 100, filterBy: { appId: $app, checkType: LATEST }) {
        pageInfo { hasNextPage }
        nodes { databaseId name status conclusion externalId completedAt }
      }
    }
  }
}`

const runSchema = z
  .object({
    databaseId: z.int().positive().nullish(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    externalId: z.string().nullable(),
    completedAt: z.string().nullable(),
  })
  .transform(({ databaseId: id, status, conclusion, ...run }): FoundCheck | null =>
    id === null || id === undefined
      ? null
      : { ...run, id, status: statusOf(status), conclusion: conclusion?.toLowerCase() ?? null },
  )

/** null when GraphQL cannot say a number: its integers end at 2^31, where those of check runs no longer do. */
export const runsSchema = whole(z.object({ checkRuns: whole(runSchema) }).nullable())
  .nullable()
  .transform((suites) => {
    const runs = (suites ?? []).flatMap((suite) => suite?.checkRuns ?? [])
    const numbered = runs.filter((run) => run !== null)
    return numbered.length === runs.length ? latestByName(numbered) : null
  })

/** A check run as REST shows it. */
export const restRunSchema = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    external_id: z.string().nullable(),
    started_at: z.string().nullish(),
    completed_at: z.string().nullable(),
    output: z.object({ text: z.string().nullish() }).nullish(),
    app: z.object({ id: z.int() }).nullable(),
  })
  .transform(({ external_id, started_at, completed_at, status, app, output, ...run }) => ({
    check: {
      ...run,
      status: statusOf(status),
      externalId: external_id,
      startedAt: started_at ?? null,
      completedAt: completed_at,
      ...(run.name === ROLL_UP && status === 'completed' && { evidenceKey: evidenceKeyIn(output?.text ?? null) }),
    } as FoundRollUp,
    app: app?.id ?? null,
  }))

/** The run with the highest id of each name: GitHub judges by the newest. */
export function latestByName(runs: readonly FoundCheck[]): readonly FoundCheck[] {
  const byName = new Map<string, FoundCheck>()
  for (const run of runs) if (run.id > (byName.get(run.name)?.id ?? 0)) byName.set(run.name, run)
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Waiting, requested and pending are ways of being queued. */
function statusOf(status: string): FoundCheck['status'] {
  const lower = status.toLowerCase()
  return lower === 'completed' || lower === 'in_progress' ? lower : 'queued'
}

/** The key that our roll-up shows in the last line of its text, exactly so; null when it shows none. */
export function evidenceKeyIn(text: string | null): string | null {
  return /(?:^|\n)Evidence key: `([0-9a-f]{64})`\s*$/.exec(text ?? '')?.[1] ?? null
}
