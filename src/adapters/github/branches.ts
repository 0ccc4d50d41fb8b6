import { z } from 'zod'
import type { LandedCommit } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { ACTOR, actorSchema } from './account.ts'
import { refused } from './failures.ts'
import { pagesOf } from './graphql-pages.ts'
import { inRepository, ofRepository, oidSchema, pageOf, type Side, whole } from './side.ts'

const TIP = `
query Tip($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) { ref(qualifiedName: $ref) { target { oid } } }
}`

/** Where a branch points now, null when there is none; `ref` is a branch's name or a whole ref. */
export async function tip({ calls }: Side, repository: HostedRepository, ref: string): Promise<string | null> {
  const { repository: read } = await calls.query({
    operation: 'read a branch',
    document: TIP,
    variables: { ...ofRepository(repository), ref: wholeRef(ref) },
    answer: z.object({ repository: z.object({ ref: z.object({ target: z.object({ oid: oidSchema }) }).nullable() }) }),
  })
  return read.ref?.target.oid ?? null
}

export function wholeRef(ref: string): string {
  return ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
}

const LANDED = `
query Landed($owner: String!, $name: String!, $sha: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) {
    object(oid: $sha) {
      ... on Commit {
        history(first: 50, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes {
            oid
            committedDate
            parents(first: 10) { nodes { oid } }
            associatedPullRequests(first: 10) {
              pageInfo { hasNextPage }
              nodes {
                number state headRefOid baseRefName mergedAt
                mergeCommit { oid }
                mergedBy { ${ACTOR} }
                author { ${ACTOR} }
              }
            }
          }
        }
      }
    }
  }
}`
const landedSchema = z.object({
  oid: oidSchema,
  committedDate: z.string(),
  parents: z.object({ nodes: z.array(z.object({ oid: oidSchema })) }),
  associatedPullRequests: whole(
    z.object({
      number: z.int().positive(),
      state: z.string(),
      headRefOid: oidSchema,
      baseRefName: z.string(),
      mergedAt: z.string().nullable(),
      mergeCommit: z.object({ oid: oidSchema }).nullable(),
      mergedBy: actorSchema,
      author: actorSchema,
    }),
  ).nullable(),
})
const NO_HISTORY = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
const landedAnswer = z
  .object({ repository: z.object({ object: z.object({ history: pageOf(landedSchema) }).nullable() }) })
  // a commit that GitHub does not show, or not yet, has no history
  .transform(({ repository }) => repository.object?.history ?? NO_HISTORY)
const MOST_PAGES = 20

/**
 * First-parent commits in (before, after], oldest first, each with the pull requests that it came from.
 *
 * @throws {HostFailure} when `before` is no first-parent ancestor: the branch was rewritten
 */
export async function landed(
  { calls }: Side,
  repository: HostedRepository,
  before: string,
  after: string,
): Promise<readonly LandedCommit[]> {
  if (before === after) return []
  const operation = 'read what landed'
  const call = { operation, document: LANDED, variables: { ...ofRepository(repository), sha: after } }
  const seen = new Map<string, z.infer<typeof landedSchema>>()
  for await (const nodes of pagesOf(calls, { ...call, answer: landedAnswer }, MOST_PAGES)) {
    for (const node of nodes) seen.set(node.oid, node)
    const line = lineBetween(seen, before, after)
    if (line !== null) return line.map(landedCommit).reverse()
  }
  throw refused(operation, 422, `${before.slice(0, 12)} is no first-parent ancestor of ${after.slice(0, 12)}`)
}

/** Newest first; null while what has been seen does not reach from one to the other. */
function lineBetween(seen: ReadonlyMap<string, z.infer<typeof landedSchema>>, before: string, after: string) {
  const line: z.infer<typeof landedSchema>[] = []
  for (let sha: string | undefined = after; sha !== before; sha = line.at(-1)?.parents.nodes[0]?.oid) {
    const commit = sha === undefined ? undefined : seen.get(sha)
    if (commit === undefined) return null
    line.push(commit)
  }
  return line
}

function landedCommit(read: z.infer<typeof landedSchema>): LandedCommit {
  const { oid: sha, committedDate, parents, associatedPullRequests } = read
  const pulls = (associatedPullRequests ?? []).filter(({ state }) => state === 'MERGED')
  const own = pulls.find(({ mergeCommit }) => mergeCommit?.oid === sha)
  return {
    sha,
    landedAt: own?.mergedAt ?? committedDate,
    parents: parents.nodes.map(({ oid }) => oid),
    pulls: pulls.map(({ number, headRefOid, baseRefName, mergeCommit, mergedBy, author }) => ({
      number,
      headSha: headRefOid,
      baseRef: baseRefName,
      mergeCommit: mergeCommit?.oid ?? null,
      mergedBy,
      author,
    })),
  }
}

const ruleSchema = z.object({ ruleset_id: z.int() })
const bypassSchema = z.object({ current_user_can_bypass: z.string() })
const branchSchema = z.object({ protection: z.object({ enabled: z.boolean().optional() }).optional() })

/**
 * Whether the app may bypass rules on a branch. Classic protection shows its exceptions to administrators only, and a
 * ruleset may not say: then it cannot be told, and nobody may take that for no.
 */
export async function mayBypass({ calls }: Side, repository: HostedRepository, ref: string): Promise<boolean | null> {
  const parameters = { ...inRepository(repository), branch: ref.replace(/^refs\/heads\//, '') }
  try {
    const [rules, branch] = await Promise.all([
      calls.pages(
        {
          operation: 'read the rules of a branch',
          route: 'GET /repos/{owner}/{repo}/rules/branches/{branch}',
          parameters,
          answer: z.array(ruleSchema),
        },
        10,
      ),
      calls.get({
        operation: 'read the protection of a branch',
        route: 'GET /repos/{owner}/{repo}/branches/{branch}',
        parameters,
        answer: branchSchema,
      }),
    ])
    const ids = [...new Set(rules.map(({ ruleset_id }) => ruleset_id))]
    const says = await Promise.all(ids.map((id) => bypassOf({ calls }, repository, id)))
    if (says.some((may) => may === true)) return true
    return branch.protection?.enabled === true || says.includes(null) ? null : false
  } catch (error) {
    if (error instanceof HostFailure && [403, 404].includes(error.status)) return null
    throw error
  }
}

async function bypassOf({ calls }: Pick<Side, 'calls'>, repository: HostedRepository, id: number) {
  try {
    const { current_user_can_bypass: may } = await calls.get({
      operation: 'read a ruleset',
      route: 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}',
      parameters: { ...inRepository(repository), ruleset_id: id },
      answer: bypassSchema,
    })
    return may !== 'never'
  } catch (error) {
    // not shown to us, or without the field: it cannot be told
    if (error instanceof HostFailure && [200, 403, 404].includes(error.status)) return null
    throw error
  }
}
