import { execFileSync } from 'node:child_process'
import { createSign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import type { VirtualClock } from '../../../src/world/clock.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import { fromSnapshot, openWorld, type World, type WorldOptions } from '../../../src/world/world.ts'

const APP = {
  name: 'weighbridge',
  permissions: { checks: 'write', contents: 'write', issues: 'write', members: 'read', pull_requests: 'write' },
  events: ['check_run', 'pull_request', 'push', 'pull_request_review'],
} as const

/** A world with one repository and two people, and everything that the app was told. */
async function smallWorld(options: Partial<WorldOptions> = {}) {
  const told: string[] = []
  const courier = {
    deliver: async ({ event, action }: { readonly event: string; readonly action: string | null }) => {
      told.push(action === null ? event : `${event}.${action}`)
      return 202
    },
  }
  const world = await openWorld({ app: APP, courier, ...options })
  onTestFinished(() => world.close())
  await world.user('dana')
  await world.user('olivia', { permission: 'admin', teams: ['ml-risk'] })
  const models = await world.repository('acme/models', { files: { 'README.md': '# Models\n' } })
  await world.settles()
  told.length = 0
  return { world, models, told }
}

/** The app's own token, as any app gets it: a JWT first, then a token of its installation. */
async function tokenOf(world: World): Promise<string> {
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(world.clock.now() / 1000)
  const head = `${text({ alg: 'RS256', typ: 'JWT' })}.${text({ iat: now - 60, exp: now + 300, iss: world.app.id })}`
  const signature = createSign('RSA-SHA256').update(head).sign(world.app.privateKey, 'base64url')
  const url = `https://api.github.com/app/installations/${world.installation('acme/models')}/access_tokens`
  const answer = await world.fetch(url, { method: 'POST', headers: { authorization: `Bearer ${head}.${signature}` } })
  return ((await answer.json()) as { token: string }).token
}

async function api(world: World, method: string, path: string, body?: object, send = world.fetch) {
  const headers = { authorization: `token ${await tokenOf(world)}`, accept: 'application/vnd.github+json' }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await send(`https://api.github.com/repos/acme/models${path}`, init)
  return { status: answer.status, body: (await answer.json()) as never }
}

test('people open, push, review and merge, and the app is told in order', async () => {
  const { world, models, told } = await smallWorld()

  const pull = await models.opensPull({ branch: 'tidy', by: 'dana', files: { 'a.txt': 'one\n' } })
  const head = await pull.push({ 'a.txt': 'two\n', 'README.md': null }, 'dana')
  await pull.approve('olivia')
  await pull.comment('nice', 'olivia')
  const landed = await pull.mergedBy('olivia')
  await world.settles()

  expect(told).toEqual([
    'push',
    'check_suite.requested',
    'pull_request.opened',
    'push',
    'check_suite.requested',
    'pull_request.synchronize',
    'pull_request_review.submitted',
    'push',
    'check_suite.requested',
    'pull_request.closed',
  ])
  expect(pull).toMatchObject({ head, state: 'merged', mergeCommit: landed })
  expect(pull.comments).toEqual([{ author: 'olivia', body: 'nice', isMinimised: false }])
  expect(await models.file('a.txt')).toBe('two\n')
  expect(await models.paths()).toEqual(['a.txt'])
  expect(await models.tip()).toBe(landed)
})

test('what must pass holds a merge until the app itself has said so', async () => {
  const { world, models } = await smallWorld()
  await models.requires(['weighbridge'], { reviews: 1 })
  const pull = await models.opensPull({ branch: 'promote', by: 'dana', files: { 'a.txt': 'x' } })
  await pull.approve('olivia')

  await expect(pull.mergedBy('olivia')).rejects.toThrow(/check|required/i)
  const run = { name: 'weighbridge', head_sha: pull.head, status: 'completed', conclusion: 'success' }
  expect((await api(world, 'POST', '/check-runs', run)).status).toBe(201)

  expect(pull.check('weighbridge')).toMatchObject({ app: 'weighbridge', status: 'completed', conclusion: 'success' })
  await pull.mergedBy('olivia')
  expect(pull.state).toBe('merged')
  expect(world.github.writes).toEqual(['POST check-runs'])
  expect(world.github.contractBreaks).toEqual([])
})

test('a story that names a stranger is told who is there', async () => {
  const { models } = await smallWorld()

  await expect(models.commit({ a: 'b' }, { by: 'mallory' })).rejects.toThrow(
    'there is nobody called "mallory" in this world. People here: dana, olivia.',
  )
})

test('a fork opens its pull request where it was forked from', async () => {
  const { world, models } = await smallWorld()
  await world.user('eve', { permission: 'none' })

  const fork = await models.forkedBy('eve')
  const pull = await fork.opensPull({ branch: 'gift', by: 'eve', files: { 'gift.txt': 'x' } })

  expect(fork.fullName).toBe('eve/models')
  expect(models.pulls.map(({ number }) => number)).toEqual([pull.number])
  expect(await fork.file('gift.txt', 'gift')).toBe('x')
  expect(await models.file('gift.txt')).toBeNull()
})

test('worlds opened from one snapshot go their own ways, and opening one costs under 10 ms of this processor', async () => {
  const { world, models } = await smallWorld()
  const pull = await models.opensPull({ branch: 'promote', by: 'dana', files: { 'a.txt': 'x' } })
  world.store.objects.set('models/a', Buffer.from('bytes'))
  const snapshot = await world.snapshot()
  onTestFinished(() => snapshot.close())

  const times: number[] = []
  const tips: (string | null)[] = []
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    const before = process.cpuUsage()
    const other = await fromSnapshot(snapshot, { courier: { deliver: async () => 202 } })
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
    const repository = await other.repository('acme/models')
    await repository.commit({ 'who.txt': name }, { by: 'dana' })
    expect(other.app.id).toBe(world.app.id)
    expect(other.store.objects.get('models/a')?.toString()).toBe('bytes')
    expect(repository.pull(pull.number).head).toBe(pull.head)
    tips.push(await repository.file('who.txt'))
    await other.close()
  }

  const [fastest = 0] = times.sort((a, b) => a - b)
  console.info(`a world from a snapshot: ${times.map((time) => time.toFixed(1)).join(', ')} ms`)
  expect(fastest).toBeLessThan(10)
  expect(tips).toEqual(['one', 'two', 'three', 'four', 'five'])
  expect(await models.file('who.txt')).toBeNull()
})

test('the same story told twice from one snapshot has the same commits and ids, however long it takes', async () => {
  const { world } = await smallWorld()
  const snapshot = await world.snapshot()
  onTestFinished(() => snapshot.close())
  const tell = async (pauseMs: number) => {
    const other = await fromSnapshot(snapshot, { courier: { deliver: async () => 202 } })
    const models = await other.repository('acme/models')
    const pull = await models.opensPull({ branch: 'promote', by: 'dana', files: { 'a.txt': 'x' } })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    await pull.push({ 'b.txt': 'y' }, 'dana')
    const landed = await pull.mergedBy('olivia')
    await other.close()
    return [pull.head, landed, other.github.state.nextId]
  }

  expect(await tell(1100)).toEqual(await tell(0))
})

test('a list lags behind what was written, a read of the same thing by SHA does not (S37)', async () => {
  const { world, models } = await smallWorld()
  const clock = world.clock as VirtualClock
  const send = world.lagging(3000)
  const pull = await models.opensPull({ branch: 'promote', by: 'dana', files: { 'a.txt': 'x' } })
  const numbers = async () => {
    const { body } = await api(world, 'GET', '/pulls', undefined, send)
    return (body as readonly { number: number }[]).map(({ number }) => number)
  }

  expect(await numbers()).toEqual([])
  expect((await api(world, 'GET', `/commits/${pull.head}`, undefined, send)).status).toBe(200)
  await clock.advance(2999)
  expect(await numbers()).toEqual([])
  await clock.advance(1)
  expect(await numbers()).toEqual([pull.number])
})

test('GitHub and the store can be reached by other programs: git clones, the AWS client reads', async () => {
  const { world } = await smallWorld({ clock: { now: () => Date.now(), sleep: async () => undefined } })
  world.store.objects.set('models/a', Buffer.from('bytes'))
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-clone-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))

  const { githubUrl, storeUrl } = await world.listens()
  const clone = execFileAsync('git', ['clone', '--quiet', `${githubUrl}/acme/models.git`, join(folder, 'models')])
  await clone
  const client = new S3Client({ endpoint: storeUrl, region: 'us-east-1', credentials: STORE_KEY, forcePathStyle: true })
  const got = await client.send(new GetObjectCommand({ Bucket: 'models', Key: 'a' }))

  expect(execFileSync('git', ['-C', join(folder, 'models'), 'ls-files']).toString()).toBe('README.md\n')
  expect(await got.Body?.transformToString()).toBe('bytes')
  expect((await fetch(`${githubUrl}/repos/acme/models`)).status).toBeLessThan(500)
  client.destroy()
})

async function execFileAsync(command: string, args: readonly string[]): Promise<void> {
  const { execFile } = await import('node:child_process')
  await new Promise<void>((resolve, reject) => {
    execFile(command, args, (error, _out, said) => (error === null ? resolve() : reject(new Error(said))))
  })
}
