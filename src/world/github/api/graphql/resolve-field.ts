import type { GraphQLFieldResolver, GraphQLTypeResolver } from 'graphql'
import { Refusal } from '../../github-state.ts'
import type { Args, GraphqlCall } from './graphql-call.ts'
import { RESOLVERS } from './resolvers.ts'

/** A field of GitHub's schema that this world has nothing for. It is an error, never a silent null. */
export class NotEmulated extends Error {
  constructor(type: string, field: string) {
    super(`not emulated: ${type}.${field}`)
    this.name = 'NotEmulated'
  }
}

/** Answers a field by the table of resolvers, or from what the resolver above has put together. */
export const resolveField: GraphQLFieldResolver<unknown, GraphqlCall> = (
  source,
  args: Args,
  call,
  { parentType, fieldName },
) => {
  if (call.broken === fieldName || call.broken === `${parentType.name}.${fieldName}`) {
    throw new Refusal(502, 'Something went wrong while executing your query.', { type: 'SERVICE_UNAVAILABLE' })
  }
  const resolver = RESOLVERS[parentType.name]?.[fieldName]
  if (resolver !== undefined) return resolver(source as never, args, call)
  const value = isRecord(source) && !isThing(parentType.name) ? source[fieldName] : undefined
  if (value === undefined) throw new NotEmulated(parentType.name, fieldName)
  return typeof value === 'function' ? value() : value
}

export const resolveType: GraphQLTypeResolver<unknown, GraphqlCall> = (source) =>
  isRecord(source) && typeof source.__typename === 'string' ? source.__typename : undefined

/** Types with a table of their own: their records are no answers. */
function isThing(type: string): boolean {
  return RESOLVERS[type] !== undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
