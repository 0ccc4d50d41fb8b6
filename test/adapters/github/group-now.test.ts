import { describe, expect, test } from 'vitest'
import { openRecorded, REPOSITORY } from './recorded-github.ts'

const [BASE, HEAD, PULL_HEAD] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
const nodes = (...all: readonly unknown[]) => ({ pageInfo: { hasNextPage: false, endCursor: null }, nodes: all })
const ASK = { baseRef: 'main', headSha: HEAD }

/** An open pull request that nobody reviewed. */
function pullOf(number: number) {
  const tip = { commit: { oid: PULL_HEAD, checkSuites: nodes(), associatedPullRequests: nodes() } }
  return {
    id: `PR_${number}`,
    number,
    state: 'OPEN',
    isDraft: false,
    title: 'promote',
    mergeable: 'MERGEABLE',
    isInMergeQueue: true,
    isCrossRepository: false,
    author: null,
    baseRefName: 'main',
    baseRefOid: BASE,
    baseRef: { target: { __typename: 'Commit', oid: BASE } },
    headRefName: `branch-${number}`,
    headRefOid: PULL_HEAD,
    headRepository: { databaseId: REPOSITORY.id },
    mergeQueue: { id: 'MQ_1' },
    latestOpinionatedReviews: nodes(),
    commits: ({ last }: { last?: number }) => (last === 1 ? nodes(tip) : nodes()),
  }
}

/** GitHub answers 200 to a query that it does not answer. */
const failing = (type: string, path: readonly string[]) => ({
  body: { data: { repository: null }, errors: [{ type, path, message: 'no' }] },
})
/** The route has nothing to say: the root value is asked. */
const fromRoot = null as unknown as object

const entry = (position: number) => ({
  position,
  headCommit: { oid: HEAD },
  pullRequest: pullOf(6 + position),
})

function rootOf(more: object = {}) {
  return {
    repository: {
      defaultBranchRef: { name: 'main', target: { __typename: 'Commit', oid: BASE } },
      object: ({ oid }: { oid?: string }) =>
        oid === undefined ? null : { __typename: 'Commit', oid, checkSuites: nodes() },
      ref: null,
      mergeQueue: { entries: nodes(entry(1)) },
      pullRequest: ({ number }: { number: number }) => pullOf(number),
      ...more,
    },
  }
}

describe('read 1 of a merge group', () => {
  test('is one query: what governs, the queue, our checks on its head, and the pull requests at its front', async () => {
    const { github, host } = openRecorded()
    github.root = rootOf()

    const now = await host.group(REPOSITORY, ASK)

    expect(github.calls).toEqual(['GraphQL GroupNow'])
    expect(now).toMatchObject({
      defaultBranch: 'main',
      configuration: null,
      queue: [{ pull: 7, headSha: HEAD }],
      checks: [],
      pulls: [{ number: 7, head: { ref: 'branch-7' }, baseHasMergeQueue: true }],
    })
  })

  test('of a longer queue than a hundred entries reads all of them', async () => {
    const { github, host } = openRecorded()
    const pages = ({ after }: { after?: string }) =>
      after === 'more' ? nodes(entry(2)) : { pageInfo: { hasNextPage: true, endCursor: 'more' }, nodes: [entry(1)] }
    github.root = rootOf({ mergeQueue: { entries: pages } })

    const now = await host.group(REPOSITORY, ASK)

    expect(now.queue.map(({ pull }) => pull)).toEqual([7, 8])
  })

  test('reads our checks once more where GraphQL cannot say their numbers, and those of a pull request never', async () => {
    const { github, host } = openRecorded()
    const run = { databaseId: null, name: 'weighbridge', status: 'COMPLETED', conclusion: 'SUCCESS' }
    const suites = nodes({ checkRuns: nodes({ ...run, externalId: 'x', completedAt: '2026-11-18T09:00:00Z' }) })
    github.root = rootOf({
      object: ({ oid }: { oid?: string }) => oid && { __typename: 'Commit', oid, checkSuites: suites },
    })
    const path = `GET /repos/acme/models/commits/${HEAD}/check-runs`
    github.routes[path] = () => ({ body: { total_count: 0, check_runs: [] } })

    await host.group(REPOSITORY, ASK)

    expect(github.calls).toEqual(['GraphQL GroupNow', path])
  })

  test('of a commit that is gone, on a branch without a queue, is nothing and no failure', async () => {
    const { github, host } = openRecorded()
    github.root = rootOf({ mergeQueue: null, object: () => null })

    expect(await host.group(REPOSITORY, ASK)).toMatchObject({ queue: [], checks: [] })
  })
})

test('several pull requests are read in their order, six a query', async () => {
  const { github, host } = openRecorded()
  github.root = rootOf()
  const numbers = [9, 3, 7, 1, 8, 2, 5, 4]

  const pulls = await host.pulls(REPOSITORY, numbers)

  expect(pulls.map(({ number }) => number)).toEqual(numbers)
  expect(github.calls).toEqual(['GraphQL PullsNow', 'GraphQL PullsNow'])
  expect(await host.pulls(REPOSITORY, [])).toEqual([])
})

describe('the default branch of another repository', () => {
  const CONTENT = 'gates: {}\n'
  const blob = (name: string) => ({
    name,
    mode: 0o100644,
    type: 'blob',
    oid: OID_OF_CONTENT,
    size: CONTENT.length,
    object: { __typename: 'Blob', isBinary: false, isTruncated: false, text: CONTENT },
  })
  const OID_OF_CONTENT = '7b19d14ad4ff2e4d9f5a6a8e3f5f0b4f40e3f7c1'
  const folder = {
    mode: 0o040000,
    type: 'tree',
    oid: 'd'.repeat(40),
    size: 0,
    object: { __typename: 'Tree', entries: [blob('central.yml')] },
  }
  const branch = (more: object = {}) => ({ target: { __typename: 'Commit', oid: BASE, file: folder, ...more } })

  test('is read with a folder in one query, under the name that was asked for and no later one', async () => {
    const { github, host } = openRecorded()
    github.root = rootOf({ defaultBranchRef: branch() })

    const sha = await host.defaultTip(REPOSITORY, 'policies')
    const listed = await (await host.open(REPOSITORY).snapshot(sha)).list('policies')

    expect([sha, listed.map(({ path }) => path)]).toEqual([BASE, ['policies/central.yml']])
    expect(github.calls).toEqual(['GraphQL DefaultTip'])
    expect(github.asked[0]?.body.query).toContain('followRenames: false')
  })

  test('is asked for alone when its folder is too much at once', async () => {
    const { github, host } = openRecorded()
    github.root = rootOf({ defaultBranchRef: branch() })
    github.routes['GraphQL DefaultTip'] = ({ body }) =>
      body.variables.isRead ? failing('RESOURCE_LIMITS_EXCEEDED', ['repository']) : fromRoot

    expect(await host.defaultTip(REPOSITORY, 'policies')).toBe(BASE)
    expect(github.calls).toEqual(['GraphQL DefaultTip', 'GraphQL DefaultTip'])
  })

  test('is not there in an empty repository, for good', async () => {
    const { github, host } = openRecorded()
    github.root = rootOf({ defaultBranchRef: null })

    await expect(host.defaultTip(REPOSITORY, 'policies')).rejects.toMatchObject({ retryable: false, status: 404 })
  })
})
