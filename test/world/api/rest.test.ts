import { expect, test } from 'vitest'
import { apiSession, writesOf } from '../../../src/world/github/api/api-session.ts'
import { HERE, openSmallWorld } from './small-world.ts'

test('octokit works unchanged: from the app key to a merged pull request', async () => {
  const world = await openSmallWorld()
  const number = await world.opensPull('candidate', { 'models/churn/2.yml': 'model: churn\n' })
  const itself = world.asItself()
  const bot = world.asApp()

  const app = await itself.rest.apps.getAuthenticated()
  const installation = await itself.rest.apps.getRepoInstallation(HERE)
  const token = await itself.rest.apps.createInstallationAccessToken({ installation_id: installation.data.id })
  const pull = await bot.rest.pulls.get({ ...HERE, pull_number: number })
  const files = await bot.rest.pulls.listFiles({ ...HERE, pull_number: number })
  const sha = pull.data.head.sha
  const run = await bot.rest.checks.create({ ...HERE, name: 'weighbridge', head_sha: sha, status: 'in_progress' })
  await bot.rest.checks.update({
    ...HERE,
    check_run_id: run.data.id,
    status: 'completed',
    conclusion: 'success',
    output: { title: 'passed', summary: 'All gates passed.' },
  })
  await bot.rest.issues.createComment({ ...HERE, issue_number: number, body: 'weighed' })
  const merged = await bot.rest.pulls.merge({ ...HERE, pull_number: number, sha })

  expect(app.data?.slug).toBe('weighbridge')
  expect(token.data.permissions).toMatchObject({ checks: 'write' })
  expect(files.data.map((file) => [file.status, file.filename])).toEqual([['added', 'models/churn/2.yml']])
  expect(merged.data.merged).toBe(true)
  expect(writesOf(world.github)).toEqual([
    'POST check-runs',
    'PATCH check-runs',
    'POST issues/comments',
    'PUT pulls/merge',
  ])
  expect(apiSession(world.github).contractBreaks).toEqual([])
})

test('a pull request that is edited as an issue is told as a pull request', async () => {
  const world = await openSmallWorld()
  const number = await world.opensPull('candidate', { 'a.txt': 'a' })
  const ada = world.as(world.ada)

  await ada.rest.issues.update({ ...HERE, issue_number: number, title: 'Promote churn@2' })
  await ada.rest.issues.update({ ...HERE, issue_number: number, state: 'closed' })
  await world.github.settled()

  const told = (await world.asItself().rest.apps.listWebhookDeliveries()).data.map(
    (one) => `${one.event}.${one.action}`,
  )
  expect(told.slice(0, 2)).toEqual(['pull_request.closed', 'pull_request.edited'])
  const pull = await ada.rest.pulls.get({ ...HERE, pull_number: number })
  expect([pull.data.title, pull.data.state]).toEqual(['Promote churn@2', 'closed'])
})
