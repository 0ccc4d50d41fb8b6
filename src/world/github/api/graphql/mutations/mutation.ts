import type { WorldComment, WorldPull, WorldRepository } from '../../../github-state.ts'
import { nodeId, readNodeId } from '../../../node-id.ts'
import { maySee } from '../../allow.ts'
import type { Args, GraphqlCall } from '../graphql-call.ts'
import { notResolved } from '../graphql-call.ts'

/** The one argument of every mutation. */
export function inputOf<T>(args: Args): T {
  return args.input as T
}

/** What came with a mutation to tell its answer by. */
export function echo(args: Args): { readonly clientMutationId: string | null } {
  const { clientMutationId } = args.input as { readonly clientMutationId?: string }
  return { clientMutationId: clientMutationId ?? null }
}

export function repositoryMeant(call: GraphqlCall, id: string): WorldRepository {
  const known = readNodeId(id)
  const repository = call.github.state.repositories.get(Number(known?.parts[0]))
  if (known?.kind !== 'Repository' || repository === undefined) throw lost(id)
  if (!maySee(call.github, call.actor, repository)) throw lost(id)
  return repository
}

export function pullMeant(call: GraphqlCall, id: string): WorldPull {
  const pull = [...call.github.state.pulls.values()].find((one) => nodeId('PullRequest', one.id) === id)
  if (pull === undefined) throw lost(id)
  return pull
}

/** An issue or pull request that can be commented on, by repository and number. */
export function subjectMeant(call: GraphqlCall, id: string): { readonly repository: number; readonly number: number } {
  const pull = [...call.github.state.pulls.values()].find((one) => nodeId('PullRequest', one.id) === id)
  const issue = [...call.github.state.issues.values()].find((one) => nodeId('Issue', one.id) === id)
  const subject = pull ?? issue
  if (subject === undefined) throw lost(id)
  return subject
}

export function commentMeant(call: GraphqlCall, id: string): WorldComment {
  const known = readNodeId(id)
  const comment = known?.kind === 'IssueComment' ? call.github.state.comments.get(Number(known.parts[0])) : undefined
  if (comment === undefined) throw lost(id)
  return comment
}

export function lost(id: string) {
  return notResolved(`a node with the global id of '${id}'`)
}
