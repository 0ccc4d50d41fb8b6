import { z } from 'zod'
import type { Conversation, Reaction } from '../../ports/conversation.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { ACTOR, actorSchema } from './account.ts'
import { cappedText } from './capped-text.ts'
import { commentNow } from './comment-now.ts'
import { type Comment, commentSchema, create, edit, isSameText, minimise, ourComments } from './comments.ts'
import { refused } from './failures.ts'
import type { Seeds } from './seeds.ts'
import { inRepository, type Side } from './side.ts'

/** Talking in one repository. It remembers which comments it was shown as ours, so that folding them asks nobody again. */
export function openConversation(side: Side, repository: HostedRepository, seeds: Seeds): Conversation {
  const ours = new Set<string>()
  return {
    commentNow: async (of) => {
      const now = await commentNow(side, repository, of, seeds)
      for (const { nodeId } of now.answers) ours.add(nodeId)
      return now
    },
    react: (comment, content) => react(side, repository, comment, content),
    answer: (of) => answer(side, repository, of),
    minimise: async (nodeId) => {
      if (ours.has(nodeId) || (await isToBeFolded(side, nodeId))) await minimise(side, nodeId)
    },
  }
}

/** Nothing is left to react to once a comment was deleted. */
async function react({ calls }: Side, repository: HostedRepository, comment: number, content: Reaction): Promise<void> {
  const call = {
    operation: 'react to a comment',
    route: 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    parameters: { ...inRepository(repository), comment_id: comment, content },
    answer: z.object({ id: z.int().positive() }),
  }
  try {
    await calls.send(call, true)
  } catch (error) {
    if (!isNotThere(error)) throw error
  }
}

/** A known answer is written only where its text differs; one that somebody deleted stays deleted. */
async function answer(
  side: Side,
  repository: HostedRepository,
  { issue, id: known, marker, body, mayBeThere = false }: Parameters<Conversation['answer']>[0],
): Promise<{ readonly id: number }> {
  const text = cappedText(body.startsWith(marker) ? body : `${marker}\n${body}`)
  const there = known === null && mayBeThere ? (await ourComments(side, repository, issue, marker)).at(-1) : undefined
  const id = known ?? there?.id ?? null
  if (id === null) return create(side, repository, issue, { marker, text })
  const found = there ?? (await commentOf(side, repository, id))
  if (found !== null && !isSameText(found.body, text)) await edit(side, repository, { id }, text)
  return { id }
}

/**
 * A comment of ours; null when it was deleted, for which it is asked twice, because what was just made may not show yet.
 *
 * @throws {HostFailure} when it is somebody else's: the app may edit anybody's words, and does not
 */
async function commentOf(side: Side, repository: HostedRepository, id: number): Promise<Comment | null> {
  const own = await side.bot()
  const first = await commentBy(side, repository, id)
  if (first === null) await side.clock.sleep(side.lagMs)
  const found = first ?? (await commentBy(side, repository, id))
  if (found === null || found.user?.id === own.id) return found
  throw refused('edit our comment', 403, `comment ${id} is ${found.user?.login ?? 'a ghost'}'s`)
}

async function commentBy({ calls }: Side, repository: HostedRepository, id: number): Promise<Comment | null> {
  const call = {
    operation: 'read our comment',
    route: 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
    parameters: { ...inRepository(repository), comment_id: id },
    answer: commentSchema,
  }
  try {
    return await calls.get(call)
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof HostFailure && (error.status === 404 || error.status === 410)
}

const WHOSE = `
query Whose($comment: ID!) {
  node(id: $comment) { __typename ... on IssueComment { isMinimized author { ${ACTOR} } } }
}`
const whoseAnswer = z.object({
  node: z.object({ __typename: z.literal('IssueComment'), isMinimized: z.boolean(), author: actorSchema }),
})

/** @throws {HostFailure} when the comment is not ours */
async function isToBeFolded({ calls, bot }: Side, nodeId: string): Promise<boolean> {
  const operation = 'read whose comment it is'
  const call = { operation, document: WHOSE, variables: { comment: nodeId }, answer: whoseAnswer }
  const own = await bot()
  const { node } = await calls.query(call)
  if (node.author?.id !== own.id)
    throw refused(operation, 403, `only ours are folded, this is of ${node.author?.login}`)
  return !node.isMinimized
}
