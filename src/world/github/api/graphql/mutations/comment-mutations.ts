import { createComment, editComment, minimiseComment } from '../../../acts/comment.ts'
import type { WorldComment } from '../../../github-state.ts'
import { issueOf } from '../../../state/find.ts'
import { type Fields, type GraphqlCall, may, needs } from '../graphql-call.ts'
import type { CommentThing } from '../things.ts'
import { commentMeant, echo, inputOf, subjectMeant } from './mutation.ts'

export const commentMutations: Fields<unknown> = {
  addComment: async (_, args, call) => {
    const { subjectId, body } = inputOf<{ subjectId: string; body: string }>(args)
    const { repository, number } = subjectMeant(call, subjectId)
    mayWrite(call, repository)
    const comment = await createComment(call.github, call.actor, { repository, number, body })
    return {
      ...echo(args),
      commentEdge: { node: thing(comment), cursor: '' },
      subject: { __typename: 'Issue', its: issueOf(call.github.state, repository, number) },
    }
  },
  updateIssueComment: async (_, args, call) => {
    const { id, body } = inputOf<{ id: string; body: string }>(args)
    const { repository, id: comment } = commentMeant(call, id)
    mayWrite(call, repository)
    return {
      ...echo(args),
      issueComment: thing(await editComment(call.github, call.actor, { repository, comment, body })),
    }
  },
  minimizeComment: async (_, args, call) => {
    const { subjectId, classifier } = inputOf<{ subjectId: string; classifier: WorldComment['minimised'] }>(args)
    const { repository, id: comment } = commentMeant(call, subjectId)
    mayWrite(call, repository)
    const folded = await minimiseComment(call.github, call.actor, { repository, comment, classifier })
    return { ...echo(args), minimizedComment: thing(folded) }
  },
}

/** Issues or pull requests: one of the two is enough, as for the REST routes. */
function mayWrite(call: GraphqlCall, repository: number): void {
  if (!may(call, repository, 'pull_requests', 'write')) needs(call, repository, 'issues', 'write')
}

function thing(comment: WorldComment): CommentThing {
  return { __typename: 'IssueComment', comment }
}
