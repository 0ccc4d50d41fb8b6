import { z } from 'zod'
import type { GroupAsk, GroupNow } from '../../ports/git-host.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { checksOn } from './checks.ts'
import { LATEST_RUNS, runsSchema } from './found-check.ts'
import { ENTRY, inOrder, queue, queueSchema } from './merging.ts'
import { governedBy, pullOf, seedConfiguration } from './pull-now.ts'
import { PULL_FRAGMENTS, pullFields } from './pull-query.ts'
import { governedShape, pullSchema } from './pull-schema.ts'
import type { Seeds } from './seeds.ts'
import { ofRepository, type Side } from './side.ts'

const OPERATION = 'read the merge group'
/** GitHub counts some 58,000 nodes a pull request, and refuses a query of more than 500,000. */
const FRONT = 5

const GROUP = `
query GroupNow($owner: String!, $name: String!, $branch: String!, $head: GitObjectID!, $app: Int!) {
  repository(owner: $owner, name: $name) {
    ...Governed
    mergeQueue(branch: $branch) {
      entries(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...Entry } }
    }
    front: mergeQueue(branch: $branch) {
      entries(first: ${FRONT}) { nodes { pullRequest {${pullFields(null, false)}
      } } }
    }
    group: object(oid: $head) { ...LatestRuns }
  }
}
${ENTRY}
${PULL_FRAGMENTS}
${LATEST_RUNS}`
const groupAnswer = z.object({
  repository: z.object({
    ...governedShape,
    mergeQueue: queueSchema,
    front: z.object({ entries: z.object({ nodes: z.array(z.object({ pullRequest: pullSchema })) }) }).nullable(),
    group: z.object({ checkSuites: runsSchema }).nullable(),
  }),
})

/**
 * Read 1 of a merge group, in one query; a longer queue than a hundred, and checks whose numbers GraphQL cannot say, are
 * read besides. The pull requests at the front of the queue come along: those of most groups.
 */
export async function groupNow(
  side: Side,
  repository: HostedRepository,
  ask: GroupAsk,
  seeds: Seeds,
): Promise<GroupNow> {
  const { repository: read } = await side.calls.query({
    operation: OPERATION,
    document: GROUP,
    variables: { ...ofRepository(repository), branch: ask.baseRef, head: ask.headSha, app: side.appId },
    answer: groupAnswer,
  })
  seedConfiguration(seeds, repository, read)
  const { mergeQueue, group, front } = read
  const ahead = (front?.entries.nodes ?? []).map(({ pullRequest }) => pullRequest)
  const [entries, checks, pulls] = await Promise.all([
    mergeQueue.pageInfo.hasNextPage ? queue(side, repository, ask.baseRef) : inOrder(mergeQueue.nodes),
    group === null ? [] : (group.checkSuites ?? checksOn(side, repository, ask.headSha)),
    Promise.all(ahead.map((pull) => pullOf({ side, repository, seeds }, read, pull))),
  ])
  return { ...governedBy(read), queue: entries, checks, pulls }
}
