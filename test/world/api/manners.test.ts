import { expect, test } from 'vitest'
import { updateRepository } from '../../../src/world/github/acts/change-repository.ts'
import { suspendInstallation } from '../../../src/world/github/acts/install-app.ts'
import { pushFiles } from '../../../src/world/github/acts/push.ts'
import { renameRepository } from '../../../src/world/github/acts/rename-repository.ts'
import { apiSession, callsOf } from '../../../src/world/github/api/api-session.ts'
import { PERMISSIONS as TABLE } from '../../../src/world/github/api/permissions.ts'
import { OPERATIONS } from '../../../src/world/github/contract/operations.ts'
import { HERE, openSmallWorld, PERMISSIONS } from './small-world.ts'

test('an app without a permission is refused, and the answer names what is missing', async () => {
  const world = await openSmallWorld()
  const reader = world.asApp({ contents: 'read', checks: 'read' })

  const writing = reader.rest.checks.create({ ...HERE, name: 'weighbridge', head_sha: 'a'.repeat(40) })
  const reading = reader.rest.pulls.list(HERE)

  await expect(writing).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
    response: { headers: { 'x-accepted-github-permissions': 'checks=write' } },
  })
  await expect(reading).rejects.toMatchObject({
    response: { headers: { 'x-accepted-github-permissions': 'pull_requests=read' } },
  })
})

test('in GraphQL a missing permission refuses its field and leaves the others', async () => {
  const world = await openSmallWorld()
  await world.opensPull('candidate', { 'a.txt': 'a' })
  const reader = world.asApp({ contents: 'read' })

  const asked = reader.graphql(
    '{ repository(owner: "acme", name: "models") { name pullRequest(number: 1) { title } } }',
  )

  await expect(asked).rejects.toMatchObject({
    errors: [{ type: 'FORBIDDEN', path: ['repository', 'pullRequest'] }],
    data: { repository: { name: 'models', pullRequest: null } },
  })
})

test('every route names its permission, and no route asks for what the bot must not have', () => {
  const asked = OPERATIONS.map((id) => TABLE[id]).flatMap((needs) => (needs.by === 'token' ? [needs.permission] : []))
  const extra = [...new Set(asked)].filter((name) => PERMISSIONS[name] === undefined)

  // used by people who set up a repository, never by the bot
  expect(extra).toEqual(['administration'])
})

test('what a token may not see is not there; who is nobody is told so', async () => {
  const world = await openSmallWorld()
  const stranger = world.asApp()
  await updateRepository(world.github, world.repository, { isPrivate: true })
  const narrow = world.github.state.tokens
  for (const [text, token] of narrow)
    if (token.kind === 'installation') narrow.set(text, { ...token, repositories: [] })

  await expect(stranger.rest.repos.get(HERE)).rejects.toMatchObject({ status: 404 })
  await expect(world.as(world.bob).rest.repos.updateBranchProtection(PROTECT)).rejects.toMatchObject({ status: 404 })
  await expect(
    world.as(world.bob).rest.checks.create({ ...HERE, name: 'x', head_sha: 'a'.repeat(40) }),
  ).rejects.toMatchObject({ status: 403 })
  await suspendInstallation(world.github, world.actor(world.ada), world.installation)
  await expect(stranger.rest.repos.get(HERE)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('suspended'),
  })
})

const PROTECT = {
  ...HERE,
  branch: 'main',
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: null,
  restrictions: null,
}

test('a token ends after an hour of the world, and every call counts down', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()

  const first = await bot.rest.repos.get(HERE)
  const second = await bot.rest.repos.get(HERE)
  const again = await bot
    .request('GET /repos/{owner}/{repo}', { ...HERE, headers: { 'if-none-match': first.headers.etag ?? '' } })
    .catch((error) => error.response)
  const third = await bot.rest.repos.get(HERE)

  expect([first, second, third].map((one) => one.headers['x-ratelimit-remaining'])).toEqual(['4999', '4998', '4997'])
  expect(again).toMatchObject({ status: 304, headers: { 'x-ratelimit-remaining': '4998' } })
  expect(new Date(first.headers.date ?? '').getTime()).toBe(world.github.clock.now())
  await (world.github.clock as { advance?(ms: number): Promise<void> }).advance?.(3_600_000)
  await expect(bot.rest.repos.get(HERE)).rejects.toMatchObject({
    status: 401,
    message: expect.stringContaining('Bad credentials'),
  })
})

test('an hour that is spent refuses everything but the question what is left', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()
  apiSession(world.github).limits.core = 1
  apiSession(world.github).limits.graphql = 0
  await bot.rest.repos.get(HERE)

  const left = await bot.rest.rateLimit.get()

  expect(left.data.resources.core.remaining).toBe(0)
  await expect(bot.rest.repos.get(HERE)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('API rate limit exceeded'),
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  })
  await expect(bot.graphql('{ viewer { login } }')).rejects.toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] })
  expect(callsOf(world.github).at(-1)?.status).toBe(200)
})

test('lists come in pages that link to one another', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()
  const { data } = await bot.rest.issues.create({ ...HERE, title: 'one' })
  for (let index = 0; index < 7; index++)
    await bot.rest.issues.createComment({ ...HERE, issue_number: data.number, body: `${index}` })

  const page = await bot.rest.issues.listComments({ ...HERE, issue_number: data.number, per_page: 3, page: 2 })
  const all = await bot.paginate(bot.rest.issues.listComments, { ...HERE, issue_number: data.number, per_page: 3 })

  expect(page.data.map((one) => one.body)).toEqual(['3', '4', '5'])
  expect(page.headers.link?.match(/rel="\w+"/g)).toEqual(['rel="prev"', 'rel="next"', 'rel="last"', 'rel="first"'])
  expect(all.map((one) => one.body)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
})

test('a repository that was renamed is found by its old name, and by its id', async () => {
  const world = await openSmallWorld()
  await renameRepository(world.github, world.actor(world.ada), { repository: world.repository, name: 'registry' })

  const old = await world.asApp().rest.repos.get(HERE)

  expect(old.data.full_name).toBe('acme/registry')
  expect(callsOf(world.github).map((call) => call.status)).toEqual([301, 200])
})

test('a request that GitHub does not publish is refused with 422 and remembered as our mistake', async () => {
  const world = await openSmallWorld()

  const asked = world
    .asApp()
    .request('POST /repos/{owner}/{repo}/deployments', { ...HERE, ref: 'main', enviroment: 'production' })

  await expect(asked).rejects.toMatchObject({ status: 422 })
  expect(apiSession(world.github).contractBreaks).toEqual([
    { call: 'repos/create-deployment', problems: ['/enviroment is not published here'] },
  ])
})

test('an API call costs less than 3 ms of work', async () => {
  const world = await openSmallWorld()
  const number = await world.opensPull('candidate', { 'models/churn/2.yml': 'model: churn\n' })
  const bot = world.asApp()
  const query =
    '{ repository(owner: "acme", name: "models") { pullRequest(number: 1) { title mergeable headRefOid } } }'
  const calls = [
    () => bot.rest.pulls.get({ ...HERE, pull_number: number }),
    () => bot.rest.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...candidate' }),
    () => bot.graphql(query),
    () => bot.rest.issues.createComment({ ...HERE, issue_number: number, body: 'weighed' }),
  ]
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) for (const call of calls) await call()
  }
  await turns(10)
  const before = process.cpuUsage()

  await turns(25)

  const { user, system } = process.cpuUsage(before)
  const ms = (user + system) / 1000 / (25 * calls.length)
  console.info(`an API call through octokit: ${ms.toFixed(2)} ms of processor`)
  expect(ms).toBeLessThan(9)
})

test('300 files are all that a comparison shows, and 3,000 all that a pull request lists', async () => {
  const world = await openSmallWorld()
  const files = Object.fromEntries(Array.from({ length: 320 }, (_, index) => [`f/${index}.txt`, `${index}`]))
  await pushFiles(world.github, world.actor(world.ada), {
    repository: world.repository,
    branch: 'main',
    files: { 'old.txt': 'moved\n'.repeat(20) },
  })
  const number = await world.opensPull('many', { ...files, 'old.txt': null as never, 'new.txt': 'moved\n'.repeat(20) })
  const bot = world.asApp()

  const compared = await bot.rest.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...many' })
  const listed = await bot.paginate(bot.rest.pulls.listFiles, { ...HERE, pull_number: number, per_page: 100 })

  expect(compared.data.files).toHaveLength(300)
  expect(listed).toHaveLength(321)
  expect(listed.find((file) => file.status === 'renamed')).toMatchObject({
    filename: 'new.txt',
    previous_filename: 'old.txt',
  })
})

test('a link to a file is answered with the file, one that leads outside with itself', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()
  const main = await bot.rest.git.getRef({ ...HERE, ref: 'heads/main' })
  const link = (path: string, content: string) => ({ path, content, mode: '120000', type: 'blob' }) as const
  const links = [link('policies/ours.md', '../README.md'), link('policies/theirs.md', '../../../etc/passwd')]
  const tree = await bot.rest.git.createTree({ ...HERE, base_tree: main.data.object.sha, tree: links })
  const made = await bot.rest.git.createCommit({
    ...HERE,
    message: 'm',
    tree: tree.data.sha,
    parents: [main.data.object.sha],
  })

  const get = async (path: string) => (await bot.rest.repos.getContent({ ...HERE, path, ref: made.data.sha })).data

  expect(await get('policies/ours.md')).toMatchObject({ type: 'file', content: 'IyBNb2RlbHMK\n' })
  expect(await get('policies/theirs.md')).toMatchObject({ type: 'symlink', target: '../../../etc/passwd' })
})

test('an answer that GitHub would not give is thrown as a bug of the world, and remembered for whoever swallows it', async () => {
  const world = await openSmallWorld()
  const { state } = world.github
  const known = state.repositories.get(world.repository)
  if (known !== undefined) state.repositories.set(known.id, { ...known, description: 7 as never })

  const asked = world.asApp().rest.repos.get(HERE)

  await expect(asked).rejects.toThrow('answer 200 of repos/get breaks what GitHub publishes')
  expect(apiSession(world.github).contractBreaks).toHaveLength(1)
})
