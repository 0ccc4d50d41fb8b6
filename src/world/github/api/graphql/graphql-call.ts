import { type Access, type Actor, type GitHub, Refusal, type WorldRepository } from '../../github-state.ts'
import { repositoryOf } from '../../state/find.ts'
import { allow, MissingPermission } from '../allow.ts'

/** Who asks what, for every resolver of one query. */
export interface GraphqlCall {
  readonly github: GitHub
  readonly actor: Actor
  /** Nodes that the query may answer at most. */
  readonly nodes: number
  /** The field that a fault breaks, null for none. */
  readonly broken: string | null
}

/** A thing in a query: its type, and whatever its resolvers need. */
export type Thing = { readonly __typename: string }

export type Resolver<Source> = (source: Source, args: Args, call: GraphqlCall) => unknown

export type Fields<Source> = Readonly<Record<string, Resolver<Source>>>

export type Args = Readonly<Record<string, unknown>>

/** GitHub's errors as GraphQL shows them: a type beside the message. */
export function notResolved(what: string): Refusal {
  return new Refusal(404, `Could not resolve to ${what}.`, { type: 'NOT_FOUND' })
}

/** @throws {Refusal} FORBIDDEN when the token may not, as for the REST route of the same permission */
export function needs(
  call: GraphqlCall,
  repositoryId: number,
  permission: string,
  access: Access = 'read',
): WorldRepository {
  const repository = repositoryOf(call.github.state, repositoryId)
  allow(call.github, call.actor, { by: 'token', permission, access }, repository)
  return repository
}

/** Whether the token may, without an error. */
export function may(call: GraphqlCall, repositoryId: number, permission: string, access: Access = 'read'): boolean {
  try {
    needs(call, repositoryId, permission, access)
    return true
  } catch (error) {
    if (error instanceof MissingPermission || error instanceof Refusal) return false
    throw error
  }
}
