import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiContract } from '../../../src/world/github/contract/api-contract.ts'
import { checkWebhook } from '../../../src/world/github/contract/check-webhook.ts'
import { ContractBreak } from '../../../src/world/github/contract/contract-break.ts'
import { OPERATIONS, type OperationId } from '../../../src/world/github/contract/operations.ts'
import type { Edition } from '../../../src/world/github/contract/published.ts'

const EDITIONS: readonly Edition[] = ['github.com', 'ghes-3.19']

/** Jobs without the moment of their making, and no body where the schema wants an empty one. */
const STALE_ACTIONS: readonly OperationId[] = [
  'actions/cancel-workflow-run',
  'actions/force-cancel-workflow-run',
  'actions/get-job-for-workflow-run',
  'actions/list-jobs-for-workflow-run',
  'actions/list-jobs-for-workflow-run-attempt',
  'actions/re-run-workflow',
  'actions/re-run-workflow-failed-jobs',
]

/** Examples that GitHub has not kept up with its own schemas; by operation. */
const STALE: Readonly<Record<Edition, readonly OperationId[]>> = {
  'github.com': [
    'apps/create-installation-access-token',
    'apps/list-repos-accessible-to-installation',
    'meta/get',
    'teams/get-by-name',
    'repos/get',
    'repos/list-activities',
    'repos/get-collaborator-permission-level',
    'repos/list-pull-requests-associated-with-commit',
    'repos/get-commit',
    'issues/get',
    'pulls/list',
    'pulls/create',
    'pulls/get',
    'pulls/update',
    'repos/get-repo-rulesets',
    'apps/redeliver-webhook-delivery',
    'checks/rerequest-run',
    'checks/rerequest-suite',
    ...STALE_ACTIONS,
  ],
  'ghes-3.19': [
    'apps/create-installation-access-token',
    'apps/list-repos-accessible-to-installation',
    'teams/get-by-name',
    'rate-limit/get',
    'repos/get',
    'repos/list-activities',
    'repos/list-pull-requests-associated-with-commit',
    'repos/get-commit',
    'issues/get',
    'pulls/list',
    'pulls/create',
    'pulls/get',
    'pulls/update',
    'repos/get-repo-rulesets',
    'apps/redeliver-webhook-delivery',
    'checks/rerequest-run',
    'checks/rerequest-suite',
    ...STALE_ACTIONS,
  ],
}

test.each(EDITIONS)(
  "GitHub's own examples of answers hold to its own schemas, but for the known stale ones: %s",
  (edition) => {
    const contract = apiContract(edition)
    const examples = contract
      .operations()
      .flatMap(({ id, examples }) =>
        Object.entries(examples).flatMap(([status, all]) =>
          all.map((body) => ({ id: id as OperationId, status, body })),
        ),
      )

    const wrong = examples.filter(({ id, status, body }) =>
      breaks(() => contract.checkAnswer(id, Number(status), body)),
    )

    console.info(`${edition}: ${examples.length} examples, ${wrong.length} stale`)
    expect(examples.length).toBeGreaterThan(80)
    expect([...new Set(wrong.map((one) => one.id))].sort()).toEqual([...STALE[edition]].sort())
  },
)

test('every operation of the world is published, for both editions', () => {
  for (const edition of EDITIONS) {
    expect(
      apiContract(edition)
        .operations()
        .map((one) => one.id)
        .sort(),
    ).toEqual([...OPERATIONS].sort())
  }
})

const LABEL = {
  id: 1,
  node_id: 'x',
  url: 'https://api.github.com/l',
  name: 'bug',
  description: null,
  color: 'f00',
  default: false,
}

test.each([
  ['a missing property', 'git/create-blob', 201, { url: 'https://api.github.com/x' }, "'sha'"],
  ['a wrong type', 'issues/list-labels-on-issue', 200, [{ ...LABEL, default: 'no' }], '/0/default'],
  ['a wrong format', 'issues/list-labels-on-issue', 200, [{ ...LABEL, url: 'not an address' }], '/0/url'],
  ['a property that is not published', 'issues/list-labels-on-issue', 200, [{ ...LABEL, colour: 'f00' }], '/0/colour'],
  ['a status that is not published', 'git/create-blob', 202, {}, 'status 202'],
  ['a body where there is none', 'git/delete-ref', 204, {}, 'no body'],
  ['an error without a message', 'git/get-ref', 404, { error: 'gone' }, "'message'"],
] as const)('the world cannot answer with %s', (_, id, status, body, problem) => {
  expect(() => apiContract('github.com').checkAnswer(id, status, body)).toThrow(ContractBreak)
  expect(() => apiContract('github.com').checkAnswer(id, status, body)).toThrow(problem)
})

const RUN = { name: 'weighbridge', head_sha: 'a'.repeat(40) }
const NOTE = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }

test.each([
  ['a misspelt property', { ...RUN, conclusoin: 'success' }, '/conclusoin is not published here'],
  ['a misspelt property further down', { ...RUN, output: { title: 't', summary: 's', sumary: '' } }, '/output/sumary'],
  ['a conclusion that there is not', { ...RUN, conclusion: 'passed' }, '/conclusion'],
  ['completed without a conclusion', { ...RUN, status: 'completed' }, '/conclusion is required'],
  ['the conclusion that only GitHub gives', { ...RUN, conclusion: 'stale' }, 'only GitHub'],
  ['51 annotations', { ...RUN, output: { title: 't', summary: 's', annotations: Array(51).fill(NOTE) } }, '50'],
  ['a summary of 65,536 characters', { ...RUN, output: { title: 't', summary: 'x'.repeat(65_536) } }, '65535'],
  ['a fourth button', { ...RUN, actions: Array(4).fill({ label: 'a', description: 'b', identifier: 'c' }) }, '3'],
  [
    'a button of 21 characters',
    { ...RUN, actions: [{ label: 'x'.repeat(21), description: 'b', identifier: 'c' }] },
    '20',
  ],
] as const)('nobody may write a check run with %s (S13)', (_, body, problem) => {
  const problems = apiContract('github.com').requestProblems('checks/create', { params: HERE, query: {}, body })

  expect(problems.join('\n')).toContain(problem)
})

const HERE = { owner: 'acme', repo: 'models' }

test('a parameter that is not published is a mistake too, in the query as in the body', () => {
  const contract = apiContract('github.com')
  const ask = (query: Readonly<Record<string, string>>) =>
    contract.requestProblems('pulls/list', { params: HERE, query, body: undefined })

  expect(ask({ state: 'all', per_page: '100' })).toEqual([])
  expect(ask({ state: 'merged' })).toHaveLength(1)
  expect(ask({ perpage: '100' })).toEqual(
    ['query /perpage is not published here', 'query / must NOT have additional properties (perpage)'].reverse(),
  )
})

test('a webhook that GitHub does not send, or not like this, is a bug of the world', () => {
  const account = { login: 'ada', id: 1, node_id: 'x' }

  expect(() => checkWebhook('pull_request', { action: 'melted' })).toThrow('there is no such event')
  expect(() => checkWebhook('push', { ref: 'refs/heads/main', sender: account })).toThrow('must have required property')
})

test('what is vendored stays small', () => {
  const folder = join(import.meta.dirname, '../../../src/world/github/contract/published')
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
  console.info(`vendored: ${Math.round(bytes / 1024)} KB`)

  expect(bytes).toBeLessThan(500_000)
})

function breaks(check: () => void): boolean {
  try {
    check()
    return false
  } catch (error) {
    if (error instanceof ContractBreak) return true
    throw error
  }
}
