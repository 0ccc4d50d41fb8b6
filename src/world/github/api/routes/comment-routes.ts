import { createComment, deleteComment, editComment, react } from '../../acts/comment.ts'
import type { ReactionContent, WorldComment, WorldReaction } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { commentsOf } from '../../state/find.ts'
import { accountBodyOrNull, timeText } from '../../webhooks/bodies/account-body.ts'
import { appBody } from '../../webhooks/bodies/app-body.ts'
import { commentBody } from '../../webhooks/bodies/issue-body.ts'
import { listed } from '../paging.ts'
import { created, found, nothing, ok, type RestCall, type RestHandler } from '../rest-call.ts'
import { issueIn } from './issue-routes.ts'

export const commentRoutes = {
  'issues/list-comments': (call) => {
    const { since } = call.query
    const all = commentsOf(call.github.state, call.repository.id, issueIn(call).number)
    const wanted = all.filter((one) => since === undefined || one.updatedAt >= Date.parse(since))
    return listed(call, wanted, (one) => shown(call, one))
  },
  'issues/create-comment': async (call) => {
    const input = { repository: call.repository.id, number: issueIn(call).number, body: textIn(call) }
    return created(shown(call, await createComment(call.github, call.actor, input)))
  },
  'issues/get-comment': (call) => ok(shown(call, commentIn(call))),
  'issues/update-comment': async (call) => {
    const input = { repository: call.repository.id, comment: commentIn(call).id, body: textIn(call) }
    return ok(shown(call, await editComment(call.github, call.actor, input)))
  },
  'issues/delete-comment': async (call) => {
    await deleteComment(call.github, call.actor, { repository: call.repository.id, comment: commentIn(call).id })
    return nothing()
  },
  'reactions/list-for-issue-comment': (call) => {
    const comment = commentIn(call)
    const { content } = call.query
    const all = [...call.github.state.reactions.values()]
      .filter((one) => one.on === 'comment' && one.subject === comment.id)
      .filter((one) => content === undefined || one.content === content)
    return listed(call, all, (one) => reactionBody(call, one))
  },
  'reactions/create-for-issue-comment': async (call) => {
    const { content } = call.body as { readonly content: ReactionContent }
    const { reaction, isNew } = await react(call.github, call.actor, {
      repository: call.repository.id,
      on: 'comment',
      subject: commentIn(call).id,
      content,
    })
    return { status: isNew ? 201 : 200, body: reactionBody(call, reaction) }
  },
} satisfies Readonly<Record<string, RestHandler>>

function commentIn(call: RestCall): WorldComment {
  const comment = found(call.github.state.comments.get(Number(call.params.comment_id)))
  return found(comment.repository === call.repository.id ? comment : null)
}

function textIn(call: RestCall): string {
  return String((call.body as { readonly body: string }).body)
}

function shown(call: RestCall, comment: WorldComment) {
  const app = call.github.state.apps.get(comment.app ?? -1)
  const via = app === undefined ? null : appBody(call.github.state, app)
  return { ...commentBody(call.github.state, comment), performed_via_github_app: via }
}

function reactionBody(call: RestCall, reaction: WorldReaction) {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: accountBodyOrNull(call.github.state, reaction.user),
    content: reaction.content,
    created_at: timeText(reaction.createdAt),
  }
}
