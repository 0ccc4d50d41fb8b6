import { type GraphQLNamedType, type GraphQLOutputType, getNamedType, isLeafType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { addRuleset, protectBranch } from '../../../src/world/github/acts/change-repository.ts'
import { createDeployment, createDeploymentStatus } from '../../../src/world/github/acts/deploy.ts'
import { enqueuePull } from '../../../src/world/github/acts/queue-pull.ts'
import { submitReview } from '../../../src/world/github/acts/review.ts'
import { createIssue } from '../../../src/world/github/acts/write-issue.ts'
import { createStatus } from '../../../src/world/github/acts/write-status.ts'
import { apiSession } from '../../../src/world/github/api/api-session.ts'
import { RESOLVERS } from '../../../src/world/github/api/graphql/resolvers.ts'
import { githubSchema } from '../../../src/world/github/api/graphql/schema.ts'
import { HERE, openSmallWorld, PERMISSIONS, type SmallWorld } from './small-world.ts'

/** Where a thing of each type is reached from the repository, as far down as its braces. */
const WAYS: Readonly<Record<string, string>> = {
  App: 'pullRequest(number: 1) { commits(last: 1) { nodes { commit { checkSuites(first: 1) { nodes { app {*} } } } } } }',
  Blob: 'object(expression: "HEAD:README.md") { ... on Blob {*} }',
  Bot: 'pullRequest(number: 1) { comments(first: 1) { nodes { author { ... on Bot {*} } } } }',
  BranchProtectionRule: 'branchProtectionRules(first: 1) { nodes {*} }',
  CheckRun:
    'pullRequest(number: 1) { commits(last: 1) { nodes { commit { checkSuites(first: 1) { nodes { checkRuns(first: 1) { nodes {*} } } } } } } }',
  CheckSuite:
    'pullRequest(number: 1) { commits(last: 1) { nodes { commit { checkSuites(first: 1) { nodes {*} } } } } }',
  Commit: 'object(expression: "HEAD") { ... on Commit {*} }',
  Deployment: 'deployments(first: 1) { nodes {*} }',
  DeploymentStatus: 'deployments(first: 1) { nodes { latestStatus {*} } }',
  GitActor: 'object(expression: "HEAD") { ... on Commit { author {*} } }',
  Issue: 'issues(first: 1) { nodes {*} }',
  IssueComment: 'pullRequest(number: 1) { comments(first: 1) { nodes {*} } }',
  MergeQueue: 'mergeQueue(branch: "main") {*}',
  MergeQueueEntry: 'mergeQueue(branch: "main") { entries(first: 1) { nodes {*} } }',
  Organization: 'owner { ... on Organization {*} }',
  PullRequest: 'pullRequest(number: 1) {*}',
  PullRequestReview: 'pullRequest(number: 1) { reviews(first: 1) { nodes {*} } }',
  Ref: 'defaultBranchRef {*}',
  Repository: '*',
  StatusCheckRollup: 'pullRequest(number: 1) { statusCheckRollup {*} }',
  StatusContext:
    'pullRequest(number: 1) { statusCheckRollup { contexts(last: 1) { nodes { ... on StatusContext {*} } } } }',
  Team: 'owner { ... on Organization { team(slug: "risk") {*} } }',
  Tree: 'object(expression: "HEAD:") { ... on Tree {*} }',
  TreeEntry: 'object(expression: "HEAD:") { ... on Tree { entries {*} } }',
  User: 'pullRequest(number: 1) { author { ... on User {*} } }',
}

/** Arguments that a field must have. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Commit.file': '(path: "README.md")',
  'CheckRun.isRequired': '(pullRequestNumber: 1)',
  'Organization.team': '(slug: "risk")',
  'Repository.issue': '(number: 2)',
  'Repository.issueOrPullRequest': '(number: 1)',
  'Repository.mergeQueue': '(branch: "main")',
  'Repository.object': '(expression: "HEAD")',
  'Repository.pullRequest': '(number: 1)',
  'Repository.ref': '(qualifiedName: "refs/heads/main")',
  'Repository.refs': '(first: 1, refPrefix: "refs/heads/")',
  'StatusContext.isRequired': '(pullRequestNumber: 1)',
}

test('every field that is emulated is one of GitHub, and is answered in the type that GitHub publishes', async () => {
  const world = await openSmallWorld({ permissions: { ...PERMISSIONS, administration: 'write' } })
  await furnish(world)
  const bot = world.asApp()
  const types = Object.keys(RESOLVERS).filter((type) => type !== 'Query' && type !== 'Mutation')

  const queries = types.map(queryFor)
  const answers = await Promise.all(queries.map((query) => bot.graphql(query, HERE)))

  const empty = types.filter((_, index) => !JSON.stringify(answers[index]).includes('"reached":'))
  expect(empty).toEqual([])
  expect(types.filter((type) => WAYS[type] === undefined)).toEqual([])
  expect(apiSession(world.github).contractBreaks).toEqual([])
})

test('a field that nobody emulates is an error and a break, never a silent null', async () => {
  const world = await openSmallWorld()

  const asked = world.asApp().graphql('{ repository(owner: "acme", name: "models") { name diskUsage } }')

  await expect(asked).rejects.toThrow('not emulated: Repository.diskUsage')
  expect(apiSession(world.github).contractBreaks).toHaveLength(1)
})

function queryFor(type: string): string {
  const fields = Object.keys(RESOLVERS[type] ?? {}).map((field) => selectionOf(type, field))
  const all = `reached: __typename ${fields.join(' ')}`
  const way = (WAYS[type] ?? '*').replace('{*}', `{ ${all} }`).replace(/^\*$/, all)
  return `query All($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${way} } }`
}

function selectionOf(type: string, field: string): string {
  const parent = githubSchema().getType(type)
  const published = isObjectType(parent) ? parent.getFields()[field] : undefined
  if (published === undefined) throw new Error(`GitHub has no field ${type}.${field}`)
  const isPaged = published.args.some((one) => one.name === 'first')
  const args = ARGUMENTS[`${type}.${field}`] ?? (isPaged ? '(first: 5)' : '')
  return `${field}${args}${belowOf(published.type)}`
}

/** Of a connection also its nodes, its page and its count. */
function belowOf(type: GraphQLOutputType): string {
  const named: GraphQLNamedType = getNamedType(type)
  if (isLeafType(named)) return ''
  if (!named.name.endsWith('Connection')) return ' { __typename }'
  return ' { totalCount pageInfo { hasNextPage endCursor } nodes { __typename } edges { cursor node { __typename } } }'
}

/** One thing of each kind. */
async function furnish(world: SmallWorld): Promise<void> {
  const { github, repository } = world
  const ada = world.actor(world.ada)
  const number = await world.opensPull('candidate', { 'models/churn/2.yml': 'model: churn\n' }, world.bob)
  const bot = world.asApp()
  const { sha } = (await bot.rest.pulls.get({ ...HERE, pull_number: number })).data.head
  await createIssue(github, ada, { repository, title: 'An issue', labels: ['bug'] })
  await bot.rest.issues.createComment({ ...HERE, issue_number: number, body: 'weighed' })
  await submitReview(github, ada, { repository, number, event: 'APPROVE' })
  await bot.rest.checks.create({ ...HERE, name: 'weighbridge', head_sha: sha, conclusion: 'success' })
  await createStatus(github, ada, { repository, sha, state: 'success', context: 'ci' })
  const deployment = await createDeployment(github, ada, { repository, ref: 'main', requiredContexts: [] })
  await createDeploymentStatus(github, ada, { repository, deployment: deployment.id, state: 'success' })
  await protectBranch(github, repository, { pattern: 'release/*' })
  await addRuleset(github, repository, { name: 'queue', include: ['refs/heads/main'], rules: [QUEUE, CHECKS] })
  await enqueuePull(github, ada, { repository, number })
}

const CHECKS = {
  type: 'required_status_checks',
  parameters: { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'weighbridge' }] },
} as const

const QUEUE = {
  type: 'merge_queue',
  parameters: {
    merge_method: 'MERGE',
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 0,
    check_response_timeout_minutes: 60,
  },
} as const
