import { z } from 'zod'
import type { HostedRepository, PullFacts } from '../../ports/pull-now.ts'
import { pullOf } from './pull-now.ts'
import { PULL_FRAGMENTS, pullFields } from './pull-query.ts'
import { governedShape, pullSchema } from './pull-schema.ts'
import type { Seeds } from './seeds.ts'
import { ofRepository, type Side } from './side.ts'

const OPERATION = 'read the pull requests'
/** GitHub counts some 58,000 nodes a pull request, and refuses a query of more than 500,000. */
const AT_ONCE = 6

/** Several pull requests, each as read 1 has it, six a query; in the order of the numbers. */
export async function pullsNow(
  side: Side,
  repository: HostedRepository,
  numbers: readonly number[],
  seeds: Seeds,
): Promise<readonly PullFacts[]> {
  const batches = Array.from({ length: Math.ceil(numbers.length / AT_ONCE) }, (_, at) =>
    numbers.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  )
  return (await Promise.all(batches.map((batch) => readBatch(side, repository, batch, seeds)))).flat()
}

async function readBatch(
  side: Side,
  repository: HostedRepository,
  numbers: readonly number[],
  seeds: Seeds,
): Promise<readonly PullFacts[]> {
  const {
    repository: { governed, pulls },
  } = await side.calls.query({
    operation: OPERATION,
    document: pullsDocument(numbers.length),
    variables: {
      ...ofRepository(repository),
      app: side.appId,
      ...Object.fromEntries(numbers.map((number, at) => [`n${at}`, number])),
    },
    answer: pullsAnswer(numbers.length),
  })
  return Promise.all(pulls.map((pull) => pullOf({ side, repository, seeds }, governed, pull)))
}

function pullsDocument(many: number): string {
  const all = Array.from({ length: many }, (_, at) => at)
  return `
query PullsNow($owner: String!, $name: String!, $app: Int!, ${all.map((at) => `$n${at}: Int!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ...Governed
    ${all.map((at) => `p${at}: pullRequest(number: $n${at}) {${pullFields(`$n${at}`, false)}\n    }`).join('\n    ')}
  }
}
${PULL_FRAGMENTS}`
}

/** What governs, and the aliases in order. */
function pullsAnswer(many: number) {
  const aliased = z.record(z.string(), z.unknown()).transform((read) => ({
    governed: read,
    pulls: Array.from({ length: many }, (_, at) => read[`p${at}`]),
  }))
  return z.object({
    repository: aliased.pipe(z.object({ governed: z.object(governedShape), pulls: z.array(pullSchema) })),
  })
}
