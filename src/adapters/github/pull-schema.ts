import { z } from 'zod'
import { actorSchema } from './account.ts'
import { evidenceKeyIn, runsSchema } from './found-check.ts'
import { oidSchema, pageOf, whole } from './side.ts'

const opinionShape = {
  fullDatabaseId: z.union([z.string(), z.number()]).transform(Number).pipe(z.int().positive()),
  state: z.string(),
  submittedAt: z.string(),
  author: actorSchema,
}

/** Roll-ups with the moment they were completed, oldest first; one that runs has shown nothing yet. */
const publishedSchema = whole(
  z.object({ checkRuns: whole(z.object({ completedAt: z.string().nullable(), text: z.string().nullable() })) }),
)
  .nullable()
  .transform((suites) =>
    (suites ?? [])
      .flatMap(({ checkRuns }) => checkRuns)
      .flatMap(({ completedAt, text }) =>
        completedAt === null ? [] : [{ completedAt, evidenceKey: evidenceKeyIn(text) }],
      )
      .sort((a, b) => Date.parse(a.completedAt) - Date.parse(b.completedAt)),
  )

const gitActor = z.object({ user: actorSchema }).nullable()

const commitPeople = pageOf(
  z.object({
    commit: z
      .object({ authors: whole(gitActor), committer: gitActor })
      .transform(({ authors, committer }) =>
        [...authors, committer].flatMap((actor) => (actor?.user ? [actor.user] : [])),
      ),
  }),
).transform(({ pageInfo, nodes }) => ({ pageInfo, accounts: nodes.flatMap(({ commit }) => commit) }))

/** A blob that was read as text, or null when there is none; what is binary or cut is neither. */
const textSchema = z
  .object({
    __typename: z.literal('Blob'),
    oid: oidSchema,
    isBinary: z.literal(false),
    isTruncated: z.literal(false),
    text: z.string(),
  })
  .nullable()

export const governedShape = {
  defaultBranchRef: z.object({ name: z.string().min(1), target: z.object({ oid: oidSchema }) }),
  configuration: textSchema,
  ledger: z.object({ target: z.object({ oid: oidSchema }) }).nullable(),
}

const tipSchema = z.object({
  oid: oidSchema,
  /** Only where they were asked for. */
  checkSuites: runsSchema.optional(),
  rollUp: whole(
    z.object({
      checkRuns: whole(
        z
          .object({ databaseId: z.int().nullish(), text: z.string().nullable(), isRequired: z.boolean().optional() })
          .transform(({ text, ...run }) => ({ ...run, evidenceKey: evidenceKeyIn(text) })),
      ),
    }),
  )
    .nullable()
    .transform((suites) => (suites ?? []).flatMap(({ checkRuns }) => checkRuns)),
  associatedPullRequests: whole(
    z.object({ number: z.int(), state: z.string(), baseRefName: z.string(), headRefOid: oidSchema }),
  ).nullable(),
})

export const pullSchema = z.object({
  id: z.string().min(1),
  number: z.int().positive(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  title: z.string(),
  mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
  isInMergeQueue: z.boolean(),
  isCrossRepository: z.boolean(),
  author: actorSchema,
  baseRefName: z.string().min(1),
  baseRefOid: oidSchema,
  baseRef: z.object({ target: z.object({ oid: oidSchema }) }).nullable(),
  headRefName: z.string(),
  headRefOid: oidSchema,
  headRepository: z.object({ databaseId: z.int() }).nullable(),
  mergeQueue: z.object({ id: z.string() }).nullable(),
  writers: whole(
    z.object({ ...opinionShape, commit: z.object({ oid: oidSchema, checkSuites: publishedSchema }).nullable() }),
  ),
  everyone: z.object({ nodes: z.array(z.object(opinionShape)) }),
  commits: commitPeople,
  tip: z.object({ nodes: z.array(z.object({ commit: tipSchema })) }),
})
export type PullRead = z.infer<typeof pullSchema>

export const pullAnswer = z.object({
  repository: z.object({ ...governedShape, pullRequest: pullSchema }),
})

export const nowAnswer = z.object({ repository: z.object(governedShape) })
export type GovernedRead = z.infer<typeof nowAnswer>['repository']

export const pullCommitsAnswer = z.object({
  repository: z.object({ pullRequest: z.object({ headRefOid: oidSchema, commits: commitPeople }) }),
})
