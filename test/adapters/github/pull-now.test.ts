import { expect, test } from 'vitest'
import { evidenceKeyIn } from '../../../src/adapters/github/found-check.ts'
import { APP, openRecorded, REPOSITORY } from './recorded-github.ts'

const [BASE, HEAD, OLD] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
const KEY = 'd'.repeat(64)
const user = (login: string, databaseId: number) => ({ __typename: 'User', login, databaseId })
const nodes = (...all: readonly unknown[]) => ({ pageInfo: { hasNextPage: false, endCursor: null }, nodes: all })

/** Suites of an app: the query must have asked for ours. */
function suitesOf(...runs: readonly object[]) {
  return ({ filterBy }: { filterBy: { appId: number } }) => {
    expect(filterBy.appId).toBe(APP)
    return nodes({
      checkRuns: ({ filterBy: by }: { filterBy: { appId: number; checkName?: string } }) => {
        expect(by.appId).toBe(APP)
        return nodes(
          ...runs.filter((run) => by.checkName === undefined || (run as { name: string }).name === by.checkName),
        )
      },
    })
  }
}

const run = (databaseId: number, more: object = {}) => ({
  databaseId,
  name: 'weighbridge',
  status: 'COMPLETED',
  conclusion: 'SUCCESS',
  externalId: 'x',
  completedAt: '2026-11-18T09:00:00Z',
  text: `why\n\nEvidence key: \`${KEY}\`\n`,
  isRequired: true,
  ...more,
})

const review = (id: number, author: unknown, more: object = {}) => ({
  __typename: 'PullRequestReview',
  fullDatabaseId: `${id}`,
  state: 'APPROVED',
  submittedAt: '2026-11-18T09:30:00Z',
  author,
  commit: { oid: OLD, checkSuites: suitesOf(run(2, { completedAt: '2026-11-18T09:20:00Z', text: null }), run(1)) },
  ...more,
})

function pullRoot(more: object = {}, repository: object = {}) {
  const tip = {
    commit: {
      oid: HEAD,
      checkSuites: suitesOf(run(10), run(11, { text: 'no key' }), run(12, { name: 'weighbridge / metrics' })),
      associatedPullRequests: nodes(
        { number: 7, state: 'OPEN', baseRefName: 'main', headRefOid: HEAD },
        { number: 8, state: 'OPEN', baseRefName: 'lax', headRefOid: HEAD },
        { number: 9, state: 'CLOSED', baseRefName: 'main', headRefOid: HEAD },
        { number: 10, state: 'OPEN', baseRefName: 'main', headRefOid: OLD },
      ),
    },
  }
  const people = {
    commit: {
      authors: nodes({ user: user('ann', 1) }, { user: null }),
      committer: { user: user('web-flow', 19864447) },
    },
  }
  const bob = user('bob', 2)
  const pullRequest = {
    id: 'PR_7',
    number: 7,
    state: 'OPEN',
    isDraft: false,
    title: 'promote',
    mergeable: 'UNKNOWN',
    isInMergeQueue: false,
    isCrossRepository: false,
    author: { __typename: 'Bot', login: 'weighbridge', databaseId: 555 },
    baseRefName: 'main',
    baseRefOid: OLD,
    baseRef: { target: { __typename: 'Commit', oid: BASE } },
    headRefName: 'promote',
    headRefOid: HEAD,
    headRepository: { databaseId: REPOSITORY.id },
    mergeQueue: null,
    latestOpinionatedReviews: ({ writersOnly }: { writersOnly: boolean }) =>
      nodes(review(5, bob), ...(writersOnly ? [] : [review(6, user('eve', 3))])),
    commits: ({ last }: { last?: number }) => (last === 1 ? nodes(tip) : nodes(people)),
    ...more,
  }
  return {
    repository: {
      defaultBranchRef: { name: 'main', target: { __typename: 'Commit', oid: BASE } },
      object: { __typename: 'Blob', oid: OLD, isBinary: false, isTruncated: false, text: 'version: 1\n' },
      ref: { target: { __typename: 'Commit', oid: OLD } },
      pullRequest,
      ...repository,
    },
  }
}

test('read 1 is one query and tells everything that is so now', async () => {
  const { github, host } = openRecorded()
  github.root = pullRoot()

  const pull = await host.pull(REPOSITORY, 7)

  expect(github.calls).toEqual(['GraphQL PullNow'])
  expect(pull).toMatchObject({
    state: 'open',
    author: { id: 555, login: 'weighbridge[bot]', isBot: true },
    base: { ref: 'main', sha: BASE },
    head: { ref: 'promote', sha: HEAD },
    isFork: false,
    mergeability: 'unknown',
    configuration: 'version: 1\n',
    ledgerTip: OLD,
    twins: [{ number: 8, baseRef: 'lax' }],
    isRequired: true,
    ignoredReviews: [{ author: { login: 'eve' }, because: 'no write permission' }],
  })
  expect(pull.commitAccounts.map(({ login }) => login)).toEqual(['ann', 'web-flow'])
  expect(pull.checks.map(({ id, name, conclusion }) => [id, name, conclusion])).toEqual([
    [11, 'weighbridge', 'success'],
    [12, 'weighbridge / metrics', 'success'],
  ])
})

test('a review brings the keys that stood on its commit, oldest first; only the last line is the key', async () => {
  const { github, host } = openRecorded()
  github.root = pullRoot()

  const { reviews } = await host.pull(REPOSITORY, 7)

  expect(reviews).toEqual([
    {
      id: 5,
      author: { id: 2, login: 'bob', isBot: false },
      state: 'approved',
      submittedAt: '2026-11-18T09:30:00Z',
      commit: OLD,
      published: [
        { completedAt: '2026-11-18T09:00:00Z', evidenceKey: KEY },
        { completedAt: '2026-11-18T09:20:00Z', evidenceKey: null },
      ],
    },
  ])
  expect(evidenceKeyIn(`Evidence key: \`${KEY}\`\nand more`)).toBeNull()
  expect(evidenceKeyIn(`x Evidence key: \`${KEY}\``)).toBeNull()
})

test('what GitHub does not say wholly is no answer: errors, null, a further page, a cut or binary configuration', async () => {
  const more = { pageInfo: { hasNextPage: true, endCursor: 'x' }, nodes: [] }
  const blob = { __typename: 'Blob', oid: OLD, isBinary: false, isTruncated: false, text: 'x' }
  const broken: Record<string, unknown> = {
    'a null pull request': pullRoot({}, { pullRequest: null }),
    'a null repository': { repository: null },
    'unread reviews': pullRoot({ latestOpinionatedReviews: more }),
    'a cut configuration': pullRoot({}, { object: { ...blob, isTruncated: true } }),
    'a binary configuration': pullRoot({}, { object: { ...blob, isBinary: true, text: null } }),
    'a folder where the configuration should be': pullRoot({}, { object: { __typename: 'Tree', oid: OLD } }),
    'an error beside data': pullRoot({ title: () => Promise.reject(new Error('timeout')) }),
    'a base that is gone': pullRoot({ baseRef: null }),
  }
  for (const [what, root] of Object.entries(broken)) {
    const { github, host } = openRecorded()
    github.root = root
    await expect(host.pull(REPOSITORY, 7), what).rejects.toMatchObject({ name: 'HostFailure' })
  }
})

test('people of all commits are read, and a head that moves meanwhile is no answer', async () => {
  const { github, host } = openRecorded()
  const commit = (login: string, id: number) => ({
    commit: { authors: nodes({ user: user(login, id) }), committer: null },
  })
  const first = { pageInfo: { hasNextPage: true, endCursor: 'c1' }, nodes: [commit('ann', 1)] }
  const tip = { commit: { oid: OLD, checkSuites: null, associatedPullRequests: null } }
  const commits = ({ last, after }: { last?: number; after?: string }) =>
    last === 1 ? nodes(tip) : after === 'c1' ? nodes(commit('zoe', 9)) : first
  github.root = pullRoot({ commits })
  github.routes[`GET /repos/acme/models/commits/${HEAD}/check-runs`] = () => ({
    body: { total_count: 0, check_runs: [] },
  })

  const pull = await host.pull(REPOSITORY, 7)

  expect(pull.commitAccounts.map(({ login }) => login)).toEqual(['ann', 'zoe'])
  expect(pull.isRequired).toBeNull()
  expect([...github.calls].sort()).toEqual([
    `GET /repos/acme/models/commits/${HEAD}/check-runs`,
    'GraphQL PullCommits',
    'GraphQL PullNow',
  ])
})

test('numbers of check runs that outgrow GraphQL’s integers are read by REST', async () => {
  const { github, host } = openRecorded()
  const tip = { oid: HEAD, checkSuites: suitesOf(run(1, { databaseId: null })), associatedPullRequests: null }
  github.root = pullRoot({ commits: ({ last }: { last?: number }) => (last === 1 ? nodes({ commit: tip }) : nodes()) })
  const [id, name, text] = [51_234_567_890, 'weighbridge', `x\nEvidence key: \`${KEY}\``]
  const shown = { id, name, status: 'completed', conclusion: 'success', external_id: 'x', completed_at: null }
  github.routes[`GET /repos/acme/models/commits/${HEAD}/check-runs`] = () => ({
    body: { total_count: 1, check_runs: [{ ...shown, output: { text }, app: { id: APP } }] },
  })

  expect((await host.pull(REPOSITORY, 7)).checks).toMatchObject([{ id, evidenceKey: KEY }])
})

test('a pull request of a fork is found by its head, which payloads do not name (S23)', async () => {
  const { github, host } = openRecorded()
  const pull = (number: number, headRefOid: string) => ({ number, baseRefName: 'main', headRefOid })
  const pages = [
    nodes(pull(3, HEAD), pull(4, OLD)),
    { ...nodes(pull(1, OLD)), pageInfo: { hasNextPage: true, endCursor: 'n' } },
  ]
  github.root = { repository: { pullRequests: () => pages.pop() } }

  expect(await host.pullsWithHead(REPOSITORY, HEAD)).toEqual([{ number: 3, baseRef: 'main' }])
})
