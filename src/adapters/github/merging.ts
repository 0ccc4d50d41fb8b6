import { z } from 'zod'
import type { MergeAnswer, MergeMethod, QueueEntry } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository, PullNow } from '../../ports/pull-now.ts'
import { GraphqlFailure, oneLine } from './failures.ts'
import { nodesOf } from './graphql-pages.ts'
import { inRepository, OID, ofRepository, oidSchema, pageOf, type Side } from './side.ts'

const MERGE_REFUSED = [405, 409, 422]

/**
 * Merges exactly the commit that was weighed. Never tried again by itself: after a lost answer the caller looks.
 *
 * @throws {TypeError} without a whole commit id, before anything is sent
 */
export async function merge(
  { calls }: Side,
  repository: HostedRepository,
  number: number,
  { sha, method }: { readonly sha: string; readonly method: MergeMethod },
): Promise<MergeAnswer> {
  if (!OID.test(sha)) throw new TypeError(`merge #${number}: ${JSON.stringify(sha)} is no commit id`)
  const call = {
    operation: 'merge',
    route: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
    parameters: { ...inRepository(repository), pull_number: number, sha, merge_method: method },
    answer: z.object({ sha: oidSchema, merged: z.literal(true) }),
  }
  try {
    return { is: 'merged', sha: (await calls.send(call, false)).sha }
  } catch (error) {
    if (!(error instanceof HostFailure) || !MERGE_REFUSED.includes(error.status)) throw error
    return { is: 'refused', status: error.status, message: error.message }
  }
}

const ENQUEUE = `
mutation Enqueue($pull: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $pull, expectedHeadOid: $head }) { mergeQueueEntry { id } }
}`

/** Puts exactly the weighed head into the queue of its base; what the queue then makes of it comes back as a merge group. */
export async function enqueue({ calls }: Side, pull: PullNow): Promise<MergeAnswer> {
  const call = {
    operation: 'enqueue',
    document: ENQUEUE,
    variables: { pull: pull.nodeId, head: pull.head.sha },
    answer: z.object({ enqueuePullRequest: z.object({ mergeQueueEntry: z.object({ id: z.string() }) }) }),
  }
  try {
    await calls.mutate(call, false)
    return { is: 'queued' }
  } catch (error) {
    if (!(error instanceof GraphqlFailure) || error.isAmbiguous) throw error
    return { is: 'refused', status: 422, message: oneLine(error.message) }
  }
}

/** What is read of an entry of a queue. */
export const ENTRY = `
fragment Entry on MergeQueueEntry { position headCommit { oid } pullRequest { number headRefOid } }`
const QUEUE = `
query Queue($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...Entry }
      }
    }
  }
}
${ENTRY}`
const entrySchema = z.object({
  position: z.int(),
  headCommit: z.object({ oid: oidSchema }).nullable(),
  pullRequest: z.object({ number: z.int().positive(), headRefOid: oidSchema }),
})
const NO_QUEUE = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] }
/** A page of a branch's queue; an empty one where it has none. */
export const queueSchema = z
  .object({ entries: pageOf(entrySchema) })
  .nullable()
  .transform((found) => found?.entries ?? NO_QUEUE)
const queueAnswer = z
  .object({ repository: z.object({ mergeQueue: queueSchema }) })
  .transform(({ repository: { mergeQueue } }) => mergeQueue)

/** Pages of a hundred entries; GitHub's own queues end sooner. */
const MOST_PAGES = 10

/** Entries of a branch's queue, in order; none when it has no queue. */
export async function queue(
  { calls }: Side,
  repository: HostedRepository,
  branch: string,
): Promise<readonly QueueEntry[]> {
  const variables = { ...ofRepository(repository), branch }
  const call = { operation: 'read the merge queue', document: QUEUE, variables, answer: queueAnswer }
  return inOrder(await nodesOf(calls, call, MOST_PAGES))
}

/** Entries in our words, first to last. */
export function inOrder(entries: readonly z.infer<typeof entrySchema>[]): readonly QueueEntry[] {
  return [...entries]
    .sort((a, b) => a.position - b.position)
    .map(({ pullRequest, headCommit }) => ({
      pull: pullRequest.number,
      pullHead: pullRequest.headRefOid,
      headSha: headCommit?.oid ?? null,
    }))
}
