import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { githubLimits } from '../../../src/adapters/github/throttle-settings.ts'
import { updateRepository } from '../../../src/world/github/acts/change-repository.ts'
import { push } from '../../../src/world/github/acts/push.ts'
import { newCommit } from '../../../src/world/github/api-commit.ts'
import { personOf } from '../../../src/world/github/signature.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import {
  AUTOMATIC,
  BETTER,
  MANIFEST,
  openStory,
  policy,
  type Story,
  type StoryOptions,
  serves,
} from '../../support/github-world.ts'

const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const MINUTE = 60_000

/** Files that are none of ours, by number. */
const prose = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`docs/${index}.md`, `${index}\n`]))

/** A story with the moments at which GitHub was asked to write, ms. */
async function withWrites(
  options: StoryOptions,
): Promise<{ readonly story: Story; readonly writes: readonly number[] }> {
  const writes: number[] = []
  const bound: { story: Story | null } = { story: null }
  const network =
    (send: typeof fetch): typeof fetch =>
    (input, init) => {
      const { method, url } = new Request(input, init)
      const isWrite = method !== 'GET' && !/graphql|access_tokens/.test(url)
      if (isWrite && bound.story !== null) writes.push(bound.story.world.clock.now())
      return send(input, init)
    }
  bound.story = await openStory({ ...options, network })
  return { story: bound.story, writes }
}

/** The most that lies within any window of a length. */
function mostWithin(moments: readonly number[], windowMs: number): number {
  return Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + windowMs).length))
}

describe('size', () => {
  test('350 changed files are more than GitHub compares at once, and the promotion among them is weighed', async () => {
    const story = await openStory({ policy: OPEN })

    const pull = await story.promotes(BETTER, { files: { ...prose(350), ...serves(BETTER) } })

    expect(pull.check('weighbridge')?.summary).toContain('adult 1.0.0 → 1.1.0')
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
  })

  test('more than 3,000 changed files are more than GitHub lists: nothing passes that nobody has seen', async () => {
    const story = await openStory({ policy: OPEN })

    const pull = await story.promotes(BETTER, { files: { ...prose(3005), ...serves(BETTER) } })
    await story.settles(24 * 60 * MINUTE)

    expect(pull.check('weighbridge')?.conclusion ?? 'none').not.toBe('success')
    expect(pull.check('weighbridge')?.status).toBe('completed')
  })

  test('a policy of 600 KB holds with its size, and is not read in part', async () => {
    const rules = Object.values(policy(OPEN))[0] ?? ''
    const files = { 'policies/production.yml': `${rules}${'# padding\n'.repeat(60_000)}` }
    const story = await openStory({ files })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
    expect(pull.check('weighbridge')?.summary).toMatch(/KB/)
  })
})

describe('an answer of GitHub’s that is not whole', () => {
  for (const fault of ['resource-limits', 'null-data', 'errors-beside-data'] as const)
    test(`is unreachable, never absent: ${fault} on every query passes nothing`, async () => {
      const story = await openStory({ policy: OPEN, network: faulty(fault) })

      const pull = await story.promotes(BETTER)
      await story.settles(24 * 60 * MINUTE)

      expect(pull.check('weighbridge')?.conclusion ?? 'none').not.toBe('success')
    })

  test('a text that GitHub cut is no text: it is read whole another way', async () => {
    const story = await openStory({ policy: OPEN, network: cutting })

    const pull = await story.promotes(BETTER)

    expect(story.world.github.calls.map(({ operation }) => operation)).toContain('git/get-blob')
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
  })

  test('and where that is cut as well, it is held', async () => {
    const lying =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        if (!/git\/blobs/.test(request.url)) return cutting(send)(request)
        const answer = await send(request)
        const body = JSON.parse(await answer.text())
        return Response.json({ ...body, content: Buffer.from('gates: {}\n').toString('base64') })
      }
    const story = await openStory({ policy: OPEN, network: lying })

    const pull = await story.promotes(BETTER)
    await story.settles(24 * 60 * MINUTE)

    expect(pull.check('weighbridge')?.conclusion ?? 'none').not.toBe('success')
  })
})

/** Every content query is answered with 200 and without the content. */
function faulty(how: 'resource-limits' | 'null-data' | 'errors-beside-data'): (send: typeof fetch) => typeof fetch {
  const error = { type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits for this query exceeded.' }
  return (send) => async (input, init) => {
    const request = new Request(input, init)
    const isContent = request.url.endsWith('/graphql') && (await request.clone().text()).includes('query Contents')
    const answer = await send(request)
    if (!isContent) return answer
    const body = JSON.parse(await answer.text())
    if (how === 'null-data') return Response.json({ data: null })
    if (how === 'resource-limits') return Response.json({ data: null, errors: [error] })
    return Response.json({ ...body, data: nulled(body.data), errors: [{ message: 'Something went wrong' }] })
  }
}

/** Everything that is an object of Git is there no more. */
function nulled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nulled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'object' ? null : nulled(one)]))
}

/** GitHub cuts every text and says so. */
const cutting =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const isContent = request.url.endsWith('/graphql') && (await request.clone().text()).includes('query Contents')
    const answer = await send(request)
    if (!isContent) return answer
    const cut = (key: string, value: unknown) => (key === 'text' ? 'gates: {}' : key === 'isTruncated' ? true : value)
    return Response.json(JSON.parse(await answer.text(), cut))
  }

describe('a flood', () => {
  test('of 20 pull requests at once is written below GitHub’s limits, and every one gets its verdict (S50)', async () => {
    const { story, writes } = await withWrites({ policy: OPEN })
    const pulls = []
    for (let number = 1; number <= 20; number++)
      pulls.push(
        await story.repository.opensPull({ branch: `b${number}`, files: { [`docs/${number}.md`]: 'x' }, by: 'dana' }),
      )

    await story.settles(60 * MINUTE)

    expect(pulls.every((pull) => pull.check('weighbridge')?.conclusion === 'success')).toBe(true)
    expect(writes).toHaveLength(20)
    expect(mostWithin(writes, githubLimits.spacingMs)).toBe(1)
    expect(MINUTE / githubLimits.spacingMs).toBeLessThan(githubLimits.writesPerMinute)
    expect(pulls.flatMap(({ comments }) => comments)).toEqual([])
  })

  test('of 500 models in one pull request brings at most one comment and a handful of checks (S50)', async () => {
    const models = Array.from({ length: 500 }, (_, index) => `m${index}`)
    const manifests = Object.fromEntries(
      models.map((name) => [
        `deploy/production/${name}.yml`,
        (serves('1.0.0')[MANIFEST] ?? '').replaceAll('adult', name),
      ]),
    )
    const { story, writes } = await withWrites({ policy: AUTOMATIC })

    const pull = await story.promotes(BETTER, { files: { ...serves(BETTER), ...manifests } })
    await story.settles(60 * MINUTE)

    expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
    expect(writes.length).toBeLessThanOrEqual(10)
    expect(pull.comments.length).toBeLessThanOrEqual(1)
    for (const { summary, text } of pull.checks) expect(summary.length + text.length).toBeLessThanOrEqual(2 * 65_535)
  })
})

describe('a long history', () => {
  test('of 700 commits on the governed branch keeps no promotion from being weighed', {
    timeout: 120_000,
  }, async () => {
    const story = await openStory({ policy: OPEN })
    await longHistory(story, 700)

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })
})

/** Commits on the governed branch, one after the other, pushed at once. */
async function longHistory({ repository, world }: Story, commits: number): Promise<void> {
  const { running, state } = world.github
  const account = findAccount(state, 'keeper') ?? expect.fail()
  const actor = { kind: 'user', account } as const
  const from = await repository.tip()
  let to = from
  for (let number = 0; number < commits; number++)
    to = await newCommit(running, actor, {
      repository: repository.id,
      parent: to,
      files: [{ path: 'docs/day.md', content: `${number}\n` }],
      message: `Day ${number}\n`,
      isWeb: false,
      author: personOf(account, world.clock.now()),
    })
  await updateRepository(running, repository.id, { rulesets: [] })
  await push(running, actor, { repository: repository.id, changes: [{ ref: 'refs/heads/main', from, to }] })
  await world.settles(60_000)
}

describe('what is installed', () => {
  interface Locked {
    readonly version?: string
    readonly hasInstallScript?: boolean
    readonly dev?: boolean
    readonly optional?: boolean
  }
  const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>
  }
  const installed = Object.entries(lock.packages).map(([path, locked]) => ({
    name: path.split('node_modules/').at(-1) ?? '',
    ...locked,
  }))

  test('is above every version with a known hole in octokit (S51)', () => {
    const floors = {
      '@octokit/endpoint': '10.1.3',
      '@octokit/request': '9.2.1',
      '@octokit/request-error': '6.1.7',
      '@octokit/plugin-paginate-rest': '11.4.1',
      '@octokit/webhooks': '12.0.4',
    }
    for (const [name, floor] of Object.entries(floors)) {
      const found = installed.filter((one) => one.name === name)
      expect(found.length, name).toBeGreaterThan(0)
      for (const { version = '0.0.0' } of found) expect(isAtLeast(version, floor), `${name} ${version}`).toBe(true)
    }
  })

  test('runs no script of a stranger when it is installed, but for the runtime of models (S51)', () => {
    const scripted = installed.filter(({ hasInstallScript, dev }) => hasInstallScript === true && dev !== true)
    expect(scripted.map(({ name }) => name)).toEqual(['onnxruntime-node'])
  })
})

function isAtLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  for (const index of [0, 1, 2]) if (a?.[index] !== b?.[index]) return (a?.[index] ?? 0) > (b?.[index] ?? 0)
  return true
}
