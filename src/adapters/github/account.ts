import { z } from 'zod'
import type { Account } from '../../ports/pull-now.ts'

/** What to ask of a GraphQL `Actor`; only users and bots have an id that counts. */
export const ACTOR = '__typename login ... on User { databaseId } ... on Bot { databaseId }'

/** null for a deleted account, and for what is neither a user nor a bot. */
export const actorSchema = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.int().positive().nullish() })
  .nullable()
  .transform((actor): Account | null => {
    if (actor === null || actor.databaseId === null || actor.databaseId === undefined) return null
    const { __typename, login, databaseId: id } = actor
    const isBot = __typename === 'Bot'
    return { id, login: isBot ? botLogin(login) : login, isBot }
  })

/** A REST `simple-user`. */
export const userSchema = z
  .object({ id: z.int().positive(), login: z.string(), type: z.string() })
  .transform(({ id, login, type }): Account => ({ id, login, isBot: type === 'Bot' }))

/** GraphQL leaves `[bot]` out, and a person could be called the same without it. */
function botLogin(login: string): string {
  return login.endsWith('[bot]') ? login : `${login}[bot]`
}
