import type { WorldIssue } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import { commentsOf, issueOf, repositoryOf } from '../../../state/find.ts'
import { canWrite } from '../../../state/roles.ts'
import { timeText, timeTextOrNull } from '../../../webhooks/bodies/account-body.ts'
import { associationOf, commentBody, issueBody, labelBody, reviewBody } from '../../../webhooks/bodies/issue-body.ts'
import { repositoryUrl } from '../../../webhooks/bodies/repository-body.ts'
import { connection } from '../connection.ts'
import type { Fields, GraphqlCall } from '../graphql-call.ts'
import {
  accountThing,
  type CommentThing,
  commitThing,
  type IssueThing,
  pullThing,
  type ReviewThing,
  repositoryThing,
} from '../things.ts'

/** What issues and pull requests have in common. */
export const sharedIssueFields: Fields<{ readonly its: WorldIssue }> = {
  number: ({ its }) => its.number,
  title: ({ its }) => its.title,
  body: ({ its }) => its.body ?? '',
  bodyText: ({ its }) => its.body ?? '',
  closed: ({ its }) => its.state === 'closed',
  closedAt: ({ its }) => timeTextOrNull(its.closedAt),
  createdAt: ({ its }) => timeText(its.createdAt),
  updatedAt: ({ its }) => timeText(its.updatedAt),
  lastEditedAt: ({ its }) => timeTextOrNull(its.lastEditedAt),
  locked: ({ its }) => its.isLocked,
  author: ({ its }, _, call) => accountThing(call, its.author),
  authorAssociation: ({ its }, _, { github }) => associationOf(github.state, its.repository, its.author),
  url: ({ its }, _, { github }) => issueBody(github.state, its).html_url,
  repository: ({ its }, _, call) => repositoryThing(call, its.repository),
  comments: ({ its }, args, { github }) => {
    const all = commentsOf(github.state, its.repository, its.number)
    const newest = (args.orderBy as { readonly direction?: string } | null | undefined)?.direction === 'DESC'
    const ordered = newest ? [...all].sort((one, other) => other.updatedAt - one.updatedAt) : all
    return connection(
      'comments',
      ordered.map((comment): CommentThing => ({ __typename: 'IssueComment', comment })),
      args,
    )
  },
  labels: ({ its }, args, { github }) =>
    connection(
      'labels',
      its.labels.map((name) => labelThing(github, its, name)),
      args,
    ),
  assignees: ({ its }, args, call) =>
    connection(
      'assignees',
      its.assignees.map((one) => accountThing(call, one)),
      args,
    ),
}

export const issueFields: Fields<IssueThing> = {
  ...sharedIssueFields,
  id: ({ its }) => nodeId('Issue', its.id),
  databaseId: ({ its }) => its.id,
  fullDatabaseId: ({ its }) => String(its.id),
  state: ({ its }) => its.state.toUpperCase(),
  stateReason: ({ its }) => its.stateReason?.toUpperCase() ?? null,
}

export const commentFields: Fields<CommentThing> = {
  id: ({ comment }) => nodeId('IssueComment', comment.id),
  databaseId: ({ comment }) => comment.id,
  fullDatabaseId: ({ comment }) => String(comment.id),
  body: ({ comment }) => comment.body,
  bodyText: ({ comment }) => comment.body,
  author: ({ comment }, _, call) => accountThing(call, comment.author),
  authorAssociation: ({ comment }, _, { github }) => associationOf(github.state, comment.repository, comment.author),
  createdAt: ({ comment }) => timeText(comment.createdAt),
  updatedAt: ({ comment }) => timeText(comment.updatedAt),
  lastEditedAt: ({ comment }) => timeTextOrNull(comment.lastEditedAt),
  includesCreatedEdit: ({ comment }) => comment.lastEditedAt !== null,
  isMinimized: ({ comment }) => comment.minimised !== null,
  minimizedReason: ({ comment }) => comment.minimised?.toLowerCase().replace('_', '-') ?? null,
  viewerDidAuthor: ({ comment }, _, { actor }) => actor.kind !== 'anonymous' && actor.account.id === comment.author,
  url: ({ comment }, _, { github }) => commentBody(github.state, comment).html_url,
  issue: ({ comment }, _, { github }) => ({
    __typename: 'Issue',
    its: issueOf(github.state, comment.repository, comment.number),
  }),
  pullRequest: ({ comment }, _, call) =>
    issueOf(call.github.state, comment.repository, comment.number).isPull
      ? pullThing(call, comment.repository, comment.number)
      : null,
  repository: ({ comment }, _, call) => repositoryThing(call, comment.repository),
}

export const reviewFields: Fields<ReviewThing> = {
  id: ({ review }) => nodeId('PullRequestReview', review.id),
  databaseId: ({ review }) => review.id,
  fullDatabaseId: ({ review }) => String(review.id),
  state: ({ review }) => review.state,
  body: ({ review }) => review.body,
  author: ({ review }, _, call) => accountThing(call, review.author),
  authorAssociation: ({ review }, _, { github }) => associationOf(github.state, review.repository, review.author),
  authorCanPushToRepository: ({ review }, _, { github }) => canPush(github, review.repository, review.author),
  submittedAt: ({ review }) => timeText(review.submittedAt),
  createdAt: ({ review }) => timeText(review.submittedAt),
  updatedAt: ({ review }) => timeText(review.updatedAt),
  lastEditedAt: ({ review }) => timeTextOrNull(review.lastEditedAt),
  // GitHub forgets the commit when nothing of the repository reaches it any more
  commit: ({ review }, _, call) => commitThing(call, review.repository, review.commit),
  pullRequest: ({ review }, _, call) => pullThing(call, review.repository, review.number),
  repository: ({ review }, _, call) => repositoryThing(call, review.repository),
  url: ({ review }, _, { github }) => reviewBody(github.state, review).html_url,
}

function labelThing(github: GraphqlCall['github'], its: WorldIssue, name: string) {
  const body = labelBody(repositoryUrl(github.state, repositoryOf(github.state, its.repository)), its.repository, name)
  return { __typename: 'Label', id: body.node_id, name, color: body.color, description: null, url: body.url }
}

function canPush(github: GraphqlCall['github'], repository: number, account: number): boolean {
  return canWrite(github.state, repositoryOf(github.state, repository), account)
}
