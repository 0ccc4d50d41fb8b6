import { announce } from '../announce.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { issueOf, keyOf, notFound, takeId } from '../state/find.ts'
import type { ReactionContent, WorldComment, WorldReaction } from '../state/pulls.ts'
import { accountBehind } from '../state/roles.ts'
import type { Body } from '../webhooks/bodies/account-body.ts'
import { commentBody, issueBody } from '../webhooks/bodies/issue-body.ts'

/** Longest text of a comment, an issue or a pull request, in characters. */
const MOST_BODY = 65_536

/** @throws {Refusal} 422 when the text is empty or too long */
export function createComment(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly number: number; readonly body: string },
): Promise<WorldComment> {
  return github.turn(input.repository, async () => {
    const { state } = github
    const issue = issueOf(state, input.repository, input.number)
    checkBody('IssueComment', input.body)
    const now = github.clock.now()
    const comment: WorldComment = {
      id: takeId(state),
      ...input,
      author: accountBehind(actor).id,
      app: actor.kind === 'installation' ? actor.app.id : null,
      createdAt: now,
      updatedAt: now,
      lastEditedAt: null,
      minimised: null,
    }
    state.comments.set(comment.id, comment)
    state.issues.set(keyOf(input.repository, input.number), { ...issue, updatedAt: now })
    await announceComment(github, actor, comment, 'created')
    return comment
  })
}

/** Editing leaves a mark (`lastEditedAt`) and is told with the text of before. */
export function editComment(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly comment: number; readonly body: string },
): Promise<WorldComment> {
  return github.turn(input.repository, async () => {
    const before = commentOf(github, input.repository, input.comment)
    checkBody('IssueComment', input.body)
    const now = github.clock.now()
    const comment = { ...before, body: input.body, updatedAt: now, lastEditedAt: now }
    github.state.comments.set(comment.id, comment)
    await announceComment(github, actor, comment, 'edited', { changes: { body: { from: before.body } } })
    return comment
  })
}

export function deleteComment(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly comment: number },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const comment = commentOf(github, input.repository, input.comment)
    github.state.comments.delete(comment.id)
    await announceComment(github, actor, comment, 'deleted')
  })
}

/** Folds a comment away; no event tells of it. */
export function minimiseComment(
  github: GitHub,
  _actor: Actor,
  input: { readonly repository: number; readonly comment: number; readonly classifier: WorldComment['minimised'] },
): Promise<WorldComment> {
  return github.turn(input.repository, async () => {
    const comment = { ...commentOf(github, input.repository, input.comment), minimised: input.classifier }
    github.state.comments.set(comment.id, comment)
    return comment
  })
}

/** The same reaction of the same person is there once. */
export function react(
  github: GitHub,
  actor: Actor,
  input: {
    readonly repository: number
    readonly on: WorldReaction['on']
    readonly subject: number
    readonly content: ReactionContent
  },
): Promise<{ readonly reaction: WorldReaction; readonly isNew: boolean }> {
  return github.turn(input.repository, async () => {
    const { state } = github
    const { on, subject, content } = input
    const user = accountBehind(actor).id
    const isSame = (one: WorldReaction) =>
      one.on === on && one.subject === subject && one.user === user && one.content === content
    const known = [...state.reactions.values()].find(isSame)
    if (known !== undefined) return { reaction: known, isNew: false }
    const reaction = { id: takeId(state), on, subject, content, user, createdAt: github.clock.now() }
    state.reactions.set(reaction.id, reaction)
    return { reaction, isNew: true }
  })
}

export function checkBody(resource: string, body: string | null): void {
  if (body === null) return
  if (resource === 'IssueComment' && body.trim() === '') throw invalidBody(resource, 'body cannot be blank')
  if (body.length > MOST_BODY) throw invalidBody(resource, `body is too long (maximum is ${MOST_BODY} characters)`)
}

function invalidBody(resource: string, message: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    errors: [{ resource, code: 'unprocessable', field: 'data', message }],
  })
}

function commentOf(github: GitHub, repository: number, id: number): WorldComment {
  const comment = github.state.comments.get(id)
  if (comment === undefined || comment.repository !== repository) throw notFound()
  return comment
}

async function announceComment(
  github: GitHub,
  actor: Actor,
  comment: WorldComment,
  action: 'created' | 'edited' | 'deleted',
  more: Body = {},
): Promise<void> {
  await announce(github, actor, {
    event: 'issue_comment',
    action,
    repository: comment.repository,
    body: () => ({
      issue: issueBody(github.state, issueOf(github.state, comment.repository, comment.number)),
      comment: commentBody(github.state, comment),
      ...more,
    }),
  })
}
