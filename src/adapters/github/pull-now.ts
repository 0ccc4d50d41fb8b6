import type { FoundCheck } from '../../ports/check-run.ts'
import type { Account, HostedRepository, PullFacts, PullNow, RepositoryNow, Review } from '../../ports/pull-now.ts'
import { checksOn } from './checks.ts'
import { unreachable } from './failures.ts'
import { NOW_QUERY, PULL_COMMITS_QUERY, PULL_QUERY } from './pull-query.ts'
import { type GovernedRead, nowAnswer, type PullRead, pullAnswer, pullCommitsAnswer } from './pull-schema.ts'
import type { Seeds } from './seeds.ts'
import { ofRepository, type Side } from './side.ts'

const OPERATION = 'read the pull request'
/** Pages of a hundred commits whose people are looked at; GitHub itself shows 250 commits. */
const MOST_PAGES = 10

/**
 * Read 1. One query; more only for a pull request of over a hundred commits, or one whose head has just moved.
 *
 * @param seeds  what it learns that reading the repository need not ask again
 */
export async function pullNow(
  side: Side,
  repository: HostedRepository,
  number: number,
  seeds: Seeds,
): Promise<PullNow> {
  const { repository: read } = await side.calls.query({
    operation: OPERATION,
    document: PULL_QUERY,
    variables: { ...ofRepository(repository), number, app: side.appId },
    answer: pullAnswer,
  })
  const pull = read.pullRequest
  const tip = tipOf(pull)
  const [facts, checks] = await Promise.all([
    pullOf({ side, repository, seeds }, read, pull),
    tip?.checkSuites?.map(withKey(tip.rollUp)) ?? checksOn(side, repository, pull.headRefOid),
  ])
  return { ...facts, checks }
}

/** What the last commit bears; null when it is not the head, which has just moved. */
function tipOf({ tip, headRefOid }: PullRead) {
  const commit = tip.nodes[0]?.commit
  return commit?.oid === headRefOid ? commit : null
}

/** Where a pull request was read. */
export interface PullPorts {
  readonly side: Side
  readonly repository: HostedRepository
  readonly seeds: Seeds
}

/** A pull request in our words; asks on for commits where one query could not hold them. */
export async function pullOf(
  { side, repository, seeds }: PullPorts,
  read: GovernedRead,
  pull: PullRead,
): Promise<PullFacts> {
  const { number } = pull
  const tip = tipOf(pull)
  const commitAccounts = await allCommitAccounts(side, repository, pull)
  const base = { ref: pull.baseRefName, sha: baseTip(pull) }
  seedConfiguration(seeds, repository, read)
  seeds.pull(repository, { base: base.sha, head: pull.headRefOid, number })
  const twins = (tip?.associatedPullRequests ?? []).filter(
    (twin) => twin.state === 'OPEN' && twin.number !== number && twin.headRefOid === pull.headRefOid,
  )
  return {
    number,
    nodeId: pull.id,
    state: pull.state === 'OPEN' ? 'open' : pull.state === 'MERGED' ? 'merged' : 'closed',
    isDraft: pull.isDraft,
    title: pull.title,
    author: pull.author,
    base,
    head: { ref: pull.headRefName, sha: pull.headRefOid },
    isFork: pull.isCrossRepository || pull.headRepository?.databaseId !== repository.id,
    ...governedBy(read),
    mergeability:
      pull.mergeable === 'MERGEABLE' ? 'mergeable' : pull.mergeable === 'CONFLICTING' ? 'conflicting' : 'unknown',
    isInMergeQueue: pull.isInMergeQueue,
    baseHasMergeQueue: pull.mergeQueue !== null,
    reviews: reviewsOf(pull),
    ignoredReviews: ignoredOf(pull),
    commitAccounts,
    isRequired: tip?.rollUp[0]?.isRequired ?? null,
    twins: twins.map((twin) => ({ number: twin.number, baseRef: twin.baseRefName })),
  }
}

/** What governs a repository, for work that has no pull request. One query. */
export async function repositoryNow(side: Side, repository: HostedRepository, seeds: Seeds): Promise<RepositoryNow> {
  const { repository: read } = await side.calls.query({
    operation: 'read the repository',
    document: NOW_QUERY,
    variables: ofRepository(repository),
    answer: nowAnswer,
  })
  seedConfiguration(seeds, repository, read)
  return governedBy(read)
}

/** What governs, in our words. */
export function governedBy({ defaultBranchRef, configuration, ledger }: GovernedRead): RepositoryNow {
  return {
    defaultBranch: defaultBranchRef.name,
    configuration: configuration?.text ?? null,
    ledgerTip: ledger?.target.oid ?? null,
  }
}

/** The configuration was read in passing: reading the repository need not ask for it again. */
export function seedConfiguration(seeds: Seeds, repository: HostedRepository, read: GovernedRead): void {
  seeds.configuration(repository, { sha: read.defaultBranchRef.target.oid, blob: read.configuration })
}

const withKey = (rollUp: PullRead['tip']['nodes'][number]['commit']['rollUp']) => (check: FoundCheck) => {
  const run = rollUp.find(({ databaseId }) => databaseId === check.id)
  return run === undefined || check.status !== 'completed' ? check : { ...check, evidenceKey: run.evidenceKey }
}

/** An open pull request whose base is not there cannot be weighed; a closed one keeps the base that it had. */
function baseTip({ baseRef, baseRefOid, baseRefName, state }: PullRead): string {
  if (baseRef !== null) return baseRef.target.oid
  if (state !== 'OPEN') return baseRefOid
  throw unreachable(OPERATION, `its base branch ${baseRefName} cannot be read`)
}

function reviewsOf({ writers }: PullRead): readonly Review[] {
  return writers.flatMap(({ fullDatabaseId: id, state, author, submittedAt, commit }): readonly Review[] => {
    if (state !== 'APPROVED' && state !== 'CHANGES_REQUESTED') return []
    const opinion = state === 'APPROVED' ? 'approved' : 'changes-requested'
    return [
      { id, author, state: opinion, submittedAt, commit: commit?.oid ?? '', published: commit?.checkSuites ?? [] },
    ]
  })
}

function ignoredOf({ writers, everyone }: PullRead): PullNow['ignoredReviews'] {
  const counted = new Set(writers.map(({ fullDatabaseId }) => fullDatabaseId))
  return everyone.nodes
    .filter(({ fullDatabaseId, state }) => state === 'APPROVED' && !counted.has(fullDatabaseId))
    .map(({ author }) => ({ author, because: 'no write permission' }))
}

/** People behind all commits: an author on a page that was not read would go on counting as an approver. */
async function allCommitAccounts(
  side: Side,
  repository: HostedRepository,
  pull: PullRead,
): Promise<readonly Account[]> {
  const found = [...pull.commits.accounts]
  let { pageInfo } = pull.commits
  for (let page = 1; pageInfo.hasNextPage; page++) {
    if (page === MOST_PAGES) throw unreachable(OPERATION, `more than ${100 * MOST_PAGES} commits`)
    const variables = { ...ofRepository(repository), number: pull.number, after: pageInfo.endCursor }
    const answer = pullCommitsAnswer
    const read = await side.calls.query({ operation: OPERATION, document: PULL_COMMITS_QUERY, variables, answer })
    const { headRefOid, commits } = read.repository.pullRequest
    if (headRefOid !== pull.headRefOid) throw unreachable(OPERATION, 'its head moved while it was read')
    found.push(...commits.accounts)
    pageInfo = commits.pageInfo
  }
  return [...new Map(found.map((account) => [account.id, account])).values()]
}
