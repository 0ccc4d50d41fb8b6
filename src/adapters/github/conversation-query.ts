import { z } from 'zod'
import { ACTOR, actorSchema } from './account.ts'
import { LATEST_RUNS, runsSchema } from './found-check.ts'
import { GOVERNED } from './pull-query.ts'
import { governedShape } from './pull-schema.ts'
import { oidSchema } from './side.ts'

/**
 * The comment that holds a command, its thread, and what governs, in one query.
 *
 * Issue and pull request have states of two types, which one name could not hold.
 */
export const COMMENT_QUERY = `
query CommentNow($owner: String!, $name: String!, $comment: ID!, $issue: Int!, $app: Int!) {
  comment: node(id: $comment) {
    __typename
    ... on IssueComment {
      id databaseId body lastEditedAt createdAt url
      author { ${ACTOR} }
      repository { databaseId }
    }
  }
  repository(owner: $owner, name: $name) {
    ...Governed
    thread: issueOrPullRequest(number: $issue) {
      __typename
      ... on Issue {
        number title issueState: state
        author { ${ACTOR} }
        comments(last: 100) { nodes { ...Said } }
      }
      ... on PullRequest {
        number title pullState: state isCrossRepository
        author { ${ACTOR} }
        headRefOid headRefName baseRefName headRepository { databaseId }
        tip: commits(last: 1) { nodes { commit { ...LatestRuns } } }
        comments(last: 100) { nodes { ...Said } }
      }
    }
  }
}
fragment Said on IssueComment { id databaseId body isMinimized author { ${ACTOR} } }
${GOVERNED}
${LATEST_RUNS}`

const saidSchema = z.object({
  id: z.string().min(1),
  databaseId: z.int().positive(),
  body: z.string(),
  isMinimized: z.boolean(),
  author: actorSchema,
})
export type SaidRead = z.infer<typeof saidSchema>

const sharedShape = {
  number: z.int().positive(),
  title: z.string(),
  author: actorSchema,
  comments: z.object({ nodes: z.array(saidSchema) }),
}
const threadSchema = z.discriminatedUnion('__typename', [
  z.object({ __typename: z.literal('Issue'), ...sharedShape, issueState: z.enum(['OPEN', 'CLOSED']) }),
  z.object({
    __typename: z.literal('PullRequest'),
    ...sharedShape,
    pullState: z.enum(['OPEN', 'CLOSED', 'MERGED']),
    isCrossRepository: z.boolean(),
    headRefOid: oidSchema,
    headRefName: z.string(),
    baseRefName: z.string().min(1),
    headRepository: z.object({ databaseId: z.int() }).nullable(),
    tip: z.object({ nodes: z.array(z.object({ commit: z.object({ oid: oidSchema, checkSuites: runsSchema }) })) }),
  }),
])
export type ThreadRead = z.infer<typeof threadSchema>

const commentSchema = z.object({
  __typename: z.literal('IssueComment'),
  id: z.string().min(1),
  databaseId: z.int().positive(),
  body: z.string(),
  lastEditedAt: z.string().nullable(),
  createdAt: z.string(),
  url: z.url(),
  author: actorSchema,
  repository: z.object({ databaseId: z.int() }),
})
export type CommentRead = z.infer<typeof commentSchema>

export const commentAnswer = z.object({
  comment: commentSchema.nullable(),
  repository: z.object({ ...governedShape, thread: threadSchema }),
})
export type CommentAnswer = z.infer<typeof commentAnswer>
