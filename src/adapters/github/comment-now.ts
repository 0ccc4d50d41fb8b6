import type { CommentNow, ThreadNow } from '../../ports/conversation.ts'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import {
  COMMENT_QUERY,
  type CommentAnswer,
  type CommentRead,
  commentAnswer,
  type SaidRead,
  type ThreadRead,
} from './conversation-query.ts'
import { GraphqlFailure } from './failures.ts'
import { governedBy, seedConfiguration } from './pull-now.ts'
import type { Seeds } from './seeds.ts'
import { ofRepository, type Side } from './side.ts'

const OPERATION = 'read the comment'

/** First line of an answer of ours, whichever comment it answers. */
const ANSWER = /^<!-- weighbridge:answer:\d+ -->/

/** A comment with a command as it is now, and what is so where it stands. One query. */
export async function commentNow(
  side: Side,
  repository: HostedRepository,
  of: { readonly nodeId: string; readonly issue: number },
  seeds: Seeds,
): Promise<CommentNow> {
  const bot = await side.bot()
  const read = await readComment(side, repository, of)
  seedConfiguration(seeds, repository, read.repository)
  const { thread, defaultBranchRef } = read.repository
  const { comment } = read
  return {
    comment: comment !== null && standsIn(comment, repository, of.issue) ? commentOf(comment) : null,
    thread: threadOf(thread, repository),
    tip: defaultBranchRef.target.oid,
    ...governedBy(read.repository),
    answers: answersIn(thread.comments.nodes, bot),
  }
}

async function readComment(
  { calls, appId }: Side,
  repository: HostedRepository,
  { nodeId, issue }: { readonly nodeId: string; readonly issue: number },
): Promise<CommentAnswer> {
  const variables = { ...ofRepository(repository), comment: nodeId, issue, app: appId }
  try {
    return await calls.query({ operation: OPERATION, document: COMMENT_QUERY, variables, answer: commentAnswer })
  } catch (error) {
    if (error instanceof GraphqlFailure && error.errors.every(isAboutComment)) return withoutComment(error)
    throw error
  }
}

/** The comment was deleted: that much is an answer; whatever else is missing is none. */
function isAboutComment({ type, path }: GraphqlFailure['errors'][number]): boolean {
  return type === 'NOT_FOUND' && path.length === 1 && path[0] === 'comment'
}

function withoutComment(error: GraphqlFailure): CommentAnswer {
  const reading = commentAnswer.safeParse(error.partial)
  if (reading.success && reading.data.comment === null) return reading.data
  throw error
}

/** An issue may be moved to another repository, with its comments: commands do not go along. */
function standsIn({ repository: { databaseId }, url }: CommentRead, repository: HostedRepository, issue: number) {
  return databaseId === repository.id && new URL(url).pathname.endsWith(`/${issue}`)
}

function commentOf(read: CommentRead): NonNullable<CommentNow['comment']> {
  const { databaseId: id, id: nodeId, body, author, lastEditedAt, createdAt, url } = read
  return { id, nodeId, body, author, lastEditedAt, createdAt, url }
}

function threadOf(read: ThreadRead, repository: HostedRepository): ThreadNow {
  const { number, title, author } = read
  if (read.__typename === 'Issue')
    return { number, title, author, kind: 'issue', isOpen: read.issueState === 'OPEN', pull: null }
  const { headRefOid: headSha, headRefName: headRef, baseRefName: baseRef, headRepository } = read
  const isFork = read.isCrossRepository || headRepository?.databaseId !== repository.id
  const checks = read.tip.nodes.find(({ commit }) => commit.oid === headSha)?.commit.checkSuites ?? null
  const pull = { headSha, headRef, baseRef, isFork, isMerged: read.pullState === 'MERGED', checks }
  return { number, title, author, kind: 'pull', isOpen: read.pullState === 'OPEN', pull }
}

/** Ours is what our own account wrote: a marker that somebody else copied is his. */
function answersIn(said: readonly SaidRead[], bot: Account): CommentNow['answers'] {
  return said
    .filter(({ author, body, isMinimized }) => author?.id === bot.id && !isMinimized && ANSWER.test(body))
    .map(({ databaseId: id, id: nodeId, body }) => ({ id, nodeId, body }))
    .toSorted((a, b) => a.id - b.id)
}
