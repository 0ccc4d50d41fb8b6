import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/app/settings.ts'
import { appManifest } from '../../../src/demo/app-in-world.ts'
import { createApp } from '../../../src/world/github/acts/create-app.ts'
import { installApp } from '../../../src/world/github/acts/install-app.ts'
import type { Actor } from '../../../src/world/github/github-state.ts'
import type { Delivery } from '../../../src/world/github/state/deliveries.ts'
import { accountOf } from '../../../src/world/github/state/find.ts'
import { redeliver } from '../../../src/world/github/webhooks/redeliver.ts'
import { AUTOMATIC, BETTER, openStory, type Story, serves, UNFAIR } from '../../support/github-world.ts'
import { accountNamed } from '../../support/story-acts.ts'
import { MANIFEST } from '../../support/story-registry.ts'

const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

async function figures({ app }: Story): Promise<string> {
  const query = new URLSearchParams()
  const answer = await app.answer({ method: 'GET', path: '/metrics', query, headers: {}, isLoopback: true })
  return String(answer?.body)
}

describe('figures of the app', () => {
  test('after a weighing say what was asked of GitHub, what is left, and what the clock does; no names, no payloads', async () => {
    const story = await openStory({ policy: MEASURED })

    await story.promotes(BETTER)
    const text = await figures(story)

    expect(text).toMatch(/weighbridge_github_calls_total\{operation="read the pull request",status="200"\} 1/)
    expect(text).toMatch(/weighbridge_github_calls_total\{operation="compare base and head",status="200"\} 1/)
    expect(text).toMatch(/weighbridge_github_quota_left\{resource="graphql"\} 4\d{3}\n/)
    expect(text).toMatch(/weighbridge_github_quota_left\{resource="core"\} 4\d{3}\n/)
    expect(text).toMatch(/weighbridge_clock_skew_seconds -?\d/)
    expect(text).toMatch(/weighbridge_checks_total\{conclusion="success"\} 1/)
    expect(text).not.toMatch(/acme|risk|dana|adult|deploy\/|[0-9a-f]{40}/)
  })
})

describe('annotations', () => {
  test('stand only on lines that the diff shows; what stands elsewhere is a link in the text', async () => {
    const head = Array.from({ length: 30 }, (_, line) => `# ${line} of this file are prose\n`).join('')
    const manifest = (version: string) => ({ [MANIFEST]: `${head}${serves(version)[MANIFEST]}` })
    const story = await openStory({ policy: MEASURED, serves: null, files: manifest('1.0.0') })

    const pull = await story.opens({ branch: 'to-nothing', by: 'dana', files: manifest('9.9.9') })
    const shown = pull.checks.flatMap(({ annotations }) => annotations)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(shown).not.toEqual([])
    for (const { path, start_line: line } of shown) {
      expect(path).toBe(MANIFEST)
      expect(line).toBeGreaterThan(30)
    }
  })

  test('of an unfair promotion stand on the line that promotes it', async () => {
    const story = await openStory()

    const pull = await story.promotes(UNFAIR)
    const lines = serves(UNFAIR)[MANIFEST]?.split('\n') ?? []
    const [first] = pull.check('weighbridge')?.annotations ?? []

    expect(first?.path).toBe(MANIFEST)
    expect(lines[(first?.start_line ?? 0) - 1]).toContain(UNFAIR)
  })
})

describe('a start while GitHub does not take our key', () => {
  test('is one: deliveries are taken, and our own account is asked for again until it is known', async () => {
    let isRefused = true
    const asked: string[] = []
    const network = (send: typeof fetch): typeof fetch => {
      return async (input, init) => {
        if (isRefused) return Response.json({ message: 'Bad credentials' }, { status: 401 })
        asked.push(new URL(new Request(input, init).url).pathname)
        return send(input, init)
      }
    }
    const story = await openStory({ policy: MEASURED, network })
    const pull = await story.promotes(BETTER)
    const before = pull.checks.length

    isRefused = false
    await story.passes(600_000)
    await story.passes(600_000)

    expect(before).toBe(0)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(asked.filter((path) => path === '/app')).toHaveLength(1)
  })
})

/** The courier between GitHub and the app; what it refuses never arrives. */
function carries(
  { world, app }: Story,
  refuses: (delivery: Delivery, attempt: number) => boolean,
): () => readonly Delivery[] {
  const carried: Delivery[] = []
  world.webhooksTo({
    deliver: async (delivery) => {
      carried.push(delivery)
      const attempt = carried.filter(({ guid }) => guid === delivery.guid).length
      if (refuses(delivery, attempt)) return 500
      const headers = Object.entries(delivery.requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
      return (await app.receive(Object.fromEntries(headers), Buffer.from(delivery.requestBody))).status
    },
  })
  return () => carried
}

const opened = ({ event, action }: Delivery) => event === 'pull_request' && action === 'opened'

describe('a delivery that does not arrive', () => {
  test('is asked for again, comes under its own GUID, and is weighed as if nothing had been (S08)', async () => {
    const story = await openStory({ policy: MEASURED })
    const carried = carries(story, (delivery, attempt) => opened(delivery) && attempt === 1)
    const pull = await story.promotes(BETTER)
    const before = pull.checks.length

    await story.passes(301_000)

    const tries = carried().filter(opened)
    expect(before).toBe(0)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(tries.map(({ isRedelivery }) => isRedelivery)).toEqual([false, true])
    expect(new Set(tries.map(({ guid }) => guid)).size).toBe(1)
  })

  test('is asked for three times at most; what it was about is found by the sweep', async () => {
    const story = await openStory({ policy: MEASURED })
    const carried = carries(story, opened)
    const pull = await story.promotes(BETTER)

    for (let minutes = 0; minutes < 60; minutes += 6) await story.passes(360_000)

    expect(carried().filter(opened)).toHaveLength(4)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })
})

describe('a job that was given up', () => {
  test('comes alive when a person asks GitHub to deliver again', async () => {
    let isBroken = true
    const network = (send: typeof fetch): typeof fetch => {
      return async (input, init) => {
        const isCompare = new Request(input, init).url.includes('/compare/')
        return isBroken && isCompare ? new Response('{}', { status: 502 }) : send(input, init)
      }
    }
    const story = await openStory({ policy: MEASURED, network })
    const carried = carries(story, () => false)
    const pull = await story.promotes(BETTER)
    await story.settles(4 * 3_600_000)
    const dead = pull.check('weighbridge')

    isBroken = false
    const delivery = carried().find(opened)?.id ?? 0
    await story.after(redeliver(story.world.github.running, { app: story.world.app.id, delivery }))

    expect(dead).toMatchObject({ conclusion: 'failure', title: 'Weighbridge could not finish' })
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })
})

describe('a permission that the owner has not accepted', () => {
  test('holds what needs it, and the check names what cannot be read', async () => {
    const story = await openStory()
    const { state } = story.world.github
    const installation = state.installations.get(story.world.installation('acme/risk')) ?? expect.fail()
    const { members: _, ...permissions } = installation.permissions
    state.installations.set(installation.id, { ...installation, permissions })
    await story.restarts()

    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')?.summary).toMatch(/team ml|cannot be read/)
    expect(await figures(story)).toContain('weighbridge_jobs{state="dead"} 0')
  })
})

describe('two identities', () => {
  test('the mover, which may pass the rules by, never merges a promotion (S63)', async () => {
    const settings: { mover: Settings['mover'] } = { mover: null }
    const story = await openStory({ policy: { ...MEASURED, merge: AUTOMATIC.merge }, settings })
    const { running, state } = story.world.github
    const keeper: Actor = { kind: 'user', account: accountNamed(story, 'keeper') }
    const { permissions, events } = appManifest()
    const made = createApp(running, { owner: keeper.account.id, name: 'mover', permissions, events })
    const owner = accountNamed(story, 'acme').id
    await installApp(running, keeper, { app: made.id, account: owner, repositories: 'all' })
    settings.mover = { appId: made.id, privateKey: made.privateKey }
    await story.restarts()

    const pull = await story.promotes(BETTER)
    const by = [...state.pulls.values()].find(({ number }) => number === pull.number)?.mergedBy ?? 0

    expect(pull.state).toBe('merged')
    expect(accountOf(state, by).login).toBe('weighbridge[bot]')
  })
})
