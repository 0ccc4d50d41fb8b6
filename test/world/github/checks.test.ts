import { expect, test } from 'vitest'
import { protectBranch } from '../../../src/world/github/acts/change-repository.ts'
import { mergePull } from '../../../src/world/github/acts/merge-pull.ts'
import { openPull } from '../../../src/world/github/acts/open-pull.ts'
import {
  createCheckRun,
  requestAction,
  rerequestRun,
  rerequestSuite,
  updateCheckRun,
} from '../../../src/world/github/acts/write-check.ts'
import { createStatus } from '../../../src/world/github/acts/write-status.ts'
import type { CheckConclusion } from '../../../src/world/github/github-state.ts'
import { mergeableNow, mergeStateStatus } from '../../../src/world/github/merge-state.ts'
import { pullOf } from '../../../src/world/github/state/find.ts'
import { type Office, openOffice, PERMISSIONS, refused } from './support/office.ts'

async function openGated(app: 'ours' | 'anybody' = 'ours') {
  const office = await openOffice()
  const check = { context: 'weighbridge', app: app === 'ours' ? office.app.id : null }
  await protectBranch(office.github, office.id, {
    pattern: 'main',
    requiredChecks: { strict: false, checks: [check] },
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const merge = () => refused(mergePull(office.github, office.cleo, { repository: office.id, number: pull.number }))
  return { office, pull, merge }
}

function write(office: Office, headSha: string, conclusion: CheckConclusion, by = office.bot) {
  return createCheckRun(office.github, by, { repository: office.id, name: 'weighbridge', headSha, conclusion })
}

test.each(['success', 'neutral', 'skipped'] as const)(
  'a required check that concludes %s lets a merge through',
  async (conclusion) => {
    const { office, pull, merge } = await openGated()

    await write(office, pull.head.sha, conclusion)

    expect(await merge()).toBe('nothing was refused')
  },
)

test.each(['failure', 'action_required', 'cancelled', 'timed_out'] as const)(
  'a required check that concludes %s holds',
  async (conclusion) => {
    const { office, pull, merge } = await openGated()

    await write(office, pull.head.sha, conclusion)

    expect(await merge()).toBe(
      '405 Repository rule violations found\n\nRequired status check "weighbridge" is failing.',
    )
  },
)

test('a required check is expected from its app: the same name by another app, or as a status, passes nothing', async () => {
  const { office, pull, merge } = await openGated()
  const other = await office.secondApp('impostor')

  await write(office, pull.head.sha, 'success', other)
  const status = { repository: office.id, sha: pull.head.sha, state: 'success' as const, context: 'weighbridge' }
  await createStatus(office.github, office.ben, status)

  expect(await merge()).toBe('405 Repository rule violations found\n\nRequired status check "weighbridge" is expected.')
})

test('without an expected source anybody who can write a status passes the check', async () => {
  const { office, pull, merge } = await openGated('anybody')

  const status = { repository: office.id, sha: pull.head.sha, state: 'success' as const, context: 'weighbridge' }
  await createStatus(office.github, office.ben, status)

  expect(await merge()).toBe('nothing was refused')
})

test('of several runs of a name the latest counts, and it holds while it runs', async () => {
  const { office, pull, merge } = await openGated()
  await write(office, pull.head.sha, 'success')

  const again = { repository: office.id, name: 'weighbridge', headSha: pull.head.sha, status: 'in_progress' as const }
  await createCheckRun(office.github, office.bot, again)

  expect(await merge()).toContain('"weighbridge" is in progress.')
})

test('a check belongs to a commit: the one of a lax twin stands on the strict pull request too', async () => {
  const { office, pull, merge } = await openGated()
  await office.pushes(office.ben, { 'policy.yml': 'lax\n' }, { branch: 'lax' })
  await openPull(office.github, office.ben, { repository: office.id, title: 'twin', head: 'churn', base: 'lax' })

  await write(office, pull.head.sha, 'success')

  const [body] = await office.bodies('check_run.completed')
  expect(body).toMatchObject({ check_run: { pull_requests: [{ number: 1 }, { number: 2 }] } })
  expect(await merge()).toBe('nothing was refused')
})

test('a new commit has no checks: what was green is expected again', async () => {
  const { office, pull, merge } = await openGated()
  await write(office, pull.head.sha, 'success')

  await office.pushes(office.ben, { 'a.yml': '2\n' }, { branch: 'churn' })

  expect(await merge()).toContain('"weighbridge" is expected.')
})

test('up to date is asked for where the rule is strict', async () => {
  const { office, pull, merge } = await openGated()
  const checks = [{ context: 'weighbridge', app: office.app.id }]
  await protectBranch(office.github, office.id, { pattern: 'main', requiredChecks: { strict: true, checks } })
  await write(office, pull.head.sha, 'success')
  const state = async () => {
    await mergeableNow(office.github, office.id, pull.number)
    const mergeable = await mergeableNow(office.github, office.id, pull.number)
    return mergeStateStatus(office.github, pullOf(office.github.state, office.id, pull.number), mergeable)
  }
  expect(await state()).toBe('CLEAN')

  await office.pushes(office.ada, { 'x.yml': 'x\n' })

  expect(await state()).toBe('BEHIND')
  expect(await merge()).toContain('405 Repository rule violations found\n\nHead branch is out of date')
})

test('only apps write checks, and only their own', async () => {
  const { office, pull } = await openGated()
  const other = await office.secondApp('other')
  const run = await write(office, pull.head.sha, 'success')
  const input = { repository: office.id, name: 'weighbridge', headSha: pull.head.sha }

  const byPerson = createCheckRun(office.github, office.ada, input)
  const byOther = updateCheckRun(office.github, other, { repository: office.id, run: run.id, conclusion: 'failure' })

  expect(await refused(byPerson)).toBe('403 You must authenticate via a GitHub App.')
  expect(await refused(byOther)).toContain('403 Invalid app_id')
})

test('annotations are added by each change, never replaced, and at most 50 fit into one request', async () => {
  const { office, pull } = await openGated()
  const annotation = (line: number) => ({
    path: 'a.yml',
    start_line: line,
    end_line: line,
    annotation_level: 'failure' as const,
    message: 'no',
  })
  const run = await write(office, pull.head.sha, 'failure')
  const change = (count: number) =>
    updateCheckRun(office.github, office.bot, {
      repository: office.id,
      run: run.id,
      output: {
        title: 't',
        summary: 's',
        annotations: Array.from({ length: count }, (_, index) => annotation(index + 1)),
      },
    })

  await change(2)
  const twice = await change(3)

  expect(twice.annotations.length).toBe(5)
  expect(await refused(change(51))).toContain('Max of 50 annotations per request')
})

test('a summary ends at 65535 bytes', async () => {
  const { office, pull } = await openGated()
  const run = (summary: string) =>
    createCheckRun(office.github, office.bot, {
      repository: office.id,
      name: 'weighbridge',
      headSha: pull.head.sha,
      conclusion: 'success',
      output: { title: 't', summary },
    })

  expect(await refused(run('x'.repeat(65_535)))).toBe('nothing was refused')
  expect(await refused(run('ü'.repeat(32_768)))).toContain('exceeds a maximum bytesize of 65535')
})

test('asking for a check again resets its suite, leaves the run, and only its own app hears of it', async () => {
  const { office, pull } = await openGated()
  await office.secondApp('reader', { metadata: 'read', checks: 'read' }, ['check_run', 'check_suite'])
  const run = await write(office, pull.head.sha, 'failure')
  await office.heard()

  await rerequestRun(office.github, office.ben, { repository: office.id, run: run.id })

  expect(await office.heard()).toEqual(['check_run.rerequested'])
  expect(office.github.state.suites.get(run.suite)).toMatchObject({ status: 'queued', conclusion: null })
  expect(office.github.state.runs.get(run.id)).toEqual(run)
  await rerequestSuite(office.github, office.ben, { repository: office.id, suite: run.suite })
  expect(await office.heard()).toEqual(['check_suite.rerequested'])
})

test('a completed run completes its suite, and every app that reads checks hears of both', async () => {
  const { office, pull } = await openGated()
  await office.secondApp('reader', { metadata: 'read', checks: 'read' }, ['check_run', 'check_suite'])
  await office.heard()

  await write(office, pull.head.sha, 'success')

  const heard = await office.heard()
  expect(heard).toEqual([
    'check_run.created',
    'check_run.created',
    'check_run.completed',
    'check_run.completed',
    'check_suite.completed',
    'check_suite.completed',
  ])
})

test('a button tells its identifier and who pressed it; a button that is not there cannot be pressed', async () => {
  const { office, pull } = await openGated()
  const run = await createCheckRun(office.github, office.bot, {
    repository: office.id,
    name: 'weighbridge',
    headSha: pull.head.sha,
    conclusion: 'failure',
    actions: [{ label: 'Weigh again', description: 'Reads everything anew', identifier: 'weigh-again' }],
  })
  const press = (identifier: string) =>
    requestAction(office.github, office.dora, { repository: office.id, run: run.id, identifier })

  await press('weigh-again')

  const [body] = await office.bodies('check_run.requested_action')
  expect(body).toMatchObject({ requested_action: { identifier: 'weigh-again' }, sender: { login: 'dora' } })
  expect(await refused(press('merge'))).toBe('422 The run has no button "merge"')
})

test('a push asks each app that may write checks for its checks, and tells nobody else', async () => {
  const office = await openOffice()
  await office.secondApp('reader', { ...PERMISSIONS, checks: 'read' }, ['check_suite'])
  await office.heard()

  await office.pushes(office.ben, { 'a.yml': '1\n' }, { branch: 'churn' })

  expect(await office.heard()).toEqual(['push', 'check_suite.requested'])
  const suites = [...office.github.state.suites.values()]
  expect(suites.filter((one) => one.headBranch === 'churn').map((one) => one.app)).toEqual([office.app.id])
})
