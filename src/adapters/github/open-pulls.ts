import { z } from 'zod'
import type { OpenPull } from '../../ports/git-host.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { checksOn } from './checks.ts'
import { LATEST_RUNS, ROLL_UP, runsSchema } from './found-check.ts'
import { nodesOf } from './graphql-pages.ts'
import { ofRepository, oidSchema, pageOf, type Side } from './side.ts'

const MOST_PAGES = 50

const OPEN_PULLS = `
query OpenPulls($owner: String!, $name: String!, $base: String!, $app: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, baseRefName: $base, first: 50, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { number isDraft headRefOid headRefName isCrossRepository tip: commits(last: 1) { nodes { commit { ...LatestRuns } } } }
    }
  }
}
${LATEST_RUNS}`
const openPullSchema = z
  .object({
    number: z.int().positive(),
    isDraft: z.boolean(),
    headRefOid: oidSchema,
    headRefName: z.string(),
    isCrossRepository: z.boolean(),
    tip: z.object({ nodes: z.array(z.object({ commit: z.object({ oid: oidSchema, checkSuites: runsSchema }) })) }),
  })
  .transform(({ number, isDraft, headRefOid: headSha, headRefName, isCrossRepository, tip }) => {
    const commit = tip.nodes.find((node) => node.commit.oid === headSha)?.commit
    const headRef = isCrossRepository ? null : headRefName
    return { number, isDraft, headSha, headRef, checks: commit?.checkSuites ?? null }
  })

/** Open pull requests into a branch, with our roll-up on their heads. */
export async function openPulls(side: Side, repository: HostedRepository, base: string): Promise<readonly OpenPull[]> {
  const variables = { ...ofRepository(repository), base, app: side.appId }
  const pulls = await listed(side, { document: OPEN_PULLS, variables, node: openPullSchema })
  const withRollUp = async ({ checks, ...pull }: (typeof pulls)[number]): Promise<OpenPull> => {
    const ours = checks ?? (await checksOn(side, repository, pull.headSha))
    return { ...pull, rollUp: ours.find(({ name }) => name === ROLL_UP) ?? null }
  }
  return Promise.all(pulls.map(withRollUp))
}

const ALL_PULLS = `
query PullsWithHead($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { number baseRefName headRefOid }
    }
  }
}`
const headSchema = z.object({ number: z.int().positive(), baseRefName: z.string(), headRefOid: oidSchema })

/**
 * Open pull requests whose head is a commit. All open ones are looked through: what GitHub associates with a commit
 * leaves forks out.
 */
export async function pullsWithHead(side: Side, repository: HostedRepository, sha: string) {
  const all = await listed(side, { document: ALL_PULLS, variables: ofRepository(repository), node: headSchema })
  return all
    .filter(({ headRefOid }) => headRefOid === sha)
    .map(({ number, baseRefName: baseRef }) => ({ number, baseRef }))
}

function listed<T extends z.ZodType>(
  { calls }: Side,
  ask: { readonly document: string; readonly variables: Record<string, unknown>; readonly node: T },
): Promise<readonly z.output<T>[]> {
  const { document, variables, node } = ask
  const answer = z
    .object({ repository: z.object({ pullRequests: pageOf(node) }) })
    .transform(({ repository }) => repository.pullRequests)
  return nodesOf(calls, { operation: 'list the open pull requests', document, variables, answer }, MOST_PAGES)
}
