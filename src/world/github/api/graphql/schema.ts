import { buildSchema, type GraphQLSchema } from 'graphql'
import { publishedGraphql } from '../../contract/published.ts'

let schema: GraphQLSchema | undefined

/** GitHub's own schema, built once a process; it is published as valid, so that is not tried again. */
export function githubSchema(): GraphQLSchema {
  schema ??= buildSchema(publishedGraphql(), { assumeValid: true, assumeValidSDL: true, noLocation: true })
  return schema
}
