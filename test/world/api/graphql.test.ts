import { expect, test } from 'vitest'
import { apiSession, callsOf, writesOf } from '../../../src/world/github/api/api-session.ts'
import { HERE, openSmallWorld } from './small-world.ts'

const TITLE = `query Title($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) { name pullRequest(number: 1) { title mergeable } }
}`

test('a query that asks too much answers 200 without data, once', async () => {
  const world = await openSmallWorld()
  await world.opensPull('candidate', { 'a.txt': 'a' })
  apiSession(world.github).graphqlFaults.push({ kind: 'resource-limits' })
  const bot = world.asApp()

  const first = bot.graphql(TITLE, HERE)

  await expect(first).rejects.toMatchObject({ errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED' }], data: null })
  expect(callsOf(world.github).at(-1)).toMatchObject({ status: 200, operation: 'graphql Title' })
  expect(await bot.graphql(TITLE, HERE)).toMatchObject({ repository: { pullRequest: { title: 'candidate' } } })
})

test('a field that breaks leaves null with an error beside the other data', async () => {
  const world = await openSmallWorld()
  await world.opensPull('candidate', { 'a.txt': 'a' })
  apiSession(world.github).graphqlFaults.push({ kind: 'partial', field: 'pullRequest' })

  const asked = world.asApp().graphql(TITLE, HERE)

  await expect(asked).rejects.toMatchObject({
    errors: [{ path: ['repository', 'pullRequest'] }],
    data: { repository: { name: 'models', pullRequest: null } },
  })
})

test.each([
  ['a field that there is not', '{ repository(owner: "a", name: "b") { nmae } }', 'Cannot query field "nmae"'],
  ['an argument that is missing', '{ repository(owner: "a") { name } }', '"name"'],
  [
    'an enumeration that there is not',
    '{ repository(owner: "a", name: "b") { pullRequests(first: 1, states: OPENED) { totalCount } } }',
    'OPENED',
  ],
  ['a text that is no query', '{ repository(', 'Syntax Error'],
])('GitHub refuses %s before anything runs, and it is remembered as our mistake', async (_, query, message) => {
  const world = await openSmallWorld()

  const asked = world.asApp().graphql(query)

  await expect(asked).rejects.toThrow(message)
  expect(apiSession(world.github).contractBreaks).toHaveLength(1)
})

test('whether a pull request can be merged is not known at first, in one query as in two', async () => {
  const world = await openSmallWorld()
  await world.opensPull('candidate', { 'a.txt': 'a' })
  const bot = world.asApp()
  const ask = () =>
    bot.graphql(
      '{ repository(owner: "acme", name: "models") { pullRequest(number: 1) { mergeable mergeStateStatus again: mergeable } } }',
    )

  const answers = [await ask(), await ask()]

  expect(answers.map((one) => (one as { repository: { pullRequest: object } }).repository.pullRequest)).toEqual([
    { mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN', again: 'UNKNOWN' },
    { mergeable: 'MERGEABLE', mergeStateStatus: 'CLEAN', again: 'MERGEABLE' },
  ])
})

test('a lock is made by createRef, stolen and released only from where it was seen, and each step is one write', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()
  const { data } = await bot.rest.git.getRef({ ...HERE, ref: 'heads/main' })
  const { repository } = await bot.graphql<{ repository: { id: string } }>(
    '{ repository(owner: "acme", name: "models") { id } }',
  )
  const make =
    'mutation Take($id: ID!, $oid: GitObjectID!) { createRef(input: { repositoryId: $id, name: "refs/heads/weighbridge/lock/a", oid: $oid }) { ref { name target { oid } } } }'
  const free = `mutation Free($id: ID!, $seen: GitObjectID!, $none: GitObjectID!) {
    updateRefs(input: { repositoryId: $id, refUpdates: [{ name: "refs/heads/weighbridge/lock/a", beforeOid: $seen, afterOid: $none }] }) { clientMutationId }
  }`
  const of = { id: repository.id, oid: data.object.sha }

  const taken = await bot.graphql(make, of)
  const again = bot.graphql(make, of)
  await expect(again).rejects.toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] })
  const stale = bot.graphql(free, { id: repository.id, seen: 'a'.repeat(40), none: '0'.repeat(40) })
  await expect(stale).rejects.toMatchObject({ errors: [{ type: 'STALE_DATA' }] })
  await bot.graphql(free, { id: repository.id, seen: data.object.sha, none: '0'.repeat(40) })

  expect(taken).toMatchObject({
    createRef: { ref: { name: 'weighbridge/lock/a', target: { oid: of.oid } } },
  })
  expect(writesOf(world.github)).toEqual(['createRef', 'updateRefs'])
  expect(await world.github.storage.tip(world.repository, 'refs/heads/weighbridge/lock/a')).toBeNull()
})

test("members of a team are found by the beginning of a login: an exact match is the asker's own work (S22)", async () => {
  const world = await openSmallWorld()
  const query =
    'query Team($text: String!) { organization(login: "acme") { team(slug: "risk") { members(query: $text, membership: ALL, first: 10) { nodes { login databaseId } } } } }'
  const bot = world.asApp()

  const some = await bot.graphql(query, { text: 'bo' })
  const none = await bot.graphql(query, { text: 'ob' })

  expect(some).toMatchObject({
    organization: { team: { members: { nodes: [{ login: 'bob', databaseId: world.bob.id }] } } },
  })
  expect(none).toMatchObject({ organization: { team: { members: { nodes: [] } } } })
})

test('a mutation needs the permission that its REST route needs', async () => {
  const world = await openSmallWorld()
  const number = await world.opensPull('candidate', { 'a.txt': 'a' })
  const { data } = await world.asApp().rest.pulls.get({ ...HERE, pull_number: number })
  const merge =
    'mutation Merge($id: ID!, $head: GitObjectID!) { mergePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { pullRequest { merged mergeCommit { oid } } } }'
  const of = { id: data.node_id, head: data.head.sha }

  await expect(world.asApp({ contents: 'read', pull_requests: 'write' }).graphql(merge, of)).rejects.toMatchObject({
    errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
  })
  expect(await world.asApp().graphql(merge, of)).toMatchObject({ mergePullRequest: { pullRequest: { merged: true } } })
})
