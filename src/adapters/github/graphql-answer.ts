import { z } from 'zod'
import { GraphqlFailure, unreachable } from './failures.ts'
import type { RawAnswer } from './octokit-factory.ts'

const errorSchema = z
  .object({
    type: z.string().nullish(),
    message: z.string().nullish(),
    path: z.array(z.union([z.string(), z.number()])).nullish(),
    extensions: z.object({ code: z.string().nullish() }).nullish(),
  })
  .transform(({ type, message, path, extensions }) => ({
    type: type ?? null,
    message: message ?? '',
    path: path ?? [],
    isOfDocument: typeof extensions?.code === 'string',
  }))
const bodySchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorSchema).nullish(),
})

/**
 * The data of a GraphQL answer. GitHub answers 200 to nearly everything: with errors, or without data, it is no answer.
 *
 * @throws {GraphqlFailure} when there is a single error, even beside data
 */
export function graphqlAnswer(operation: string, answer: RawAnswer, isWrite: boolean): unknown {
  const reading = bodySchema.safeParse(answer.data)
  if (!reading.success) throw unreachable(operation, 'the answer is no GraphQL answer', isWrite)
  const { data, errors } = reading.data
  if (errors?.some(({ type }) => type === 'RATE_LIMITED')) throw asRefusal(answer)
  if (errors && errors.length > 0) throw new GraphqlFailure(operation, errors, data ?? null, isWrite)
  if (!data) throw unreachable(operation, 'GitHub answered without data', isWrite)
  return data
}

/** GraphQL says with status 200 what REST says with 403: the quota is used up. */
function asRefusal({ headers }: RawAnswer): Error {
  const response = { headers: { ...headers, 'x-ratelimit-remaining': '0' }, data: { message: 'rate limit' } }
  return Object.assign(new Error('rate limit'), { status: 403, response })
}
