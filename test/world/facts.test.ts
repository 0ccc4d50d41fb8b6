import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Octokit } from 'octokit'
import { beforeAll, expect, test } from 'vitest'
import { registerRunner } from '../../src/world/github/actions/register-runner.ts'
import { apiSession } from '../../src/world/github/api/api-session.ts'
import { openSmallWorld, type SmallWorld } from './api/small-world.ts'
import type { FactApi } from './facts/fact.ts'
import { factApi } from './facts/fact-api.ts'
import { FACTS } from './facts.ts'

/**
 * The live GitHub: a scratch organisation with an empty repository `weighbridge-facts` (one commit on main), two people
 * with tokens, and an app installed there with its webhook switched on. Answers are committed with their date.
 */
const { WEIGHBRIDGE_FACTS_TOKEN, WEIGHBRIDGE_FACTS_ORG } = process.env
const isLive = WEIGHBRIDGE_FACTS_TOKEN !== undefined && WEIGHBRIDGE_FACTS_ORG !== undefined

/** Written by a live run, committed with it; absent until there was one. */
const LIVE_ANSWERS = join(import.meta.dirname, 'facts/live-answers.json')
const answers: Record<string, 'holds' | 'does not hold'> = {}

let api: FactApi
let world: SmallWorld | undefined

beforeAll(async () => {
  if (isLive) api = await live(WEIGHBRIDGE_FACTS_ORG, WEIGHBRIDGE_FACTS_TOKEN)
  else {
    world = await openSmallWorld({ lives: 'as long as the file' })
    api = inWorld(world)
  }
  return async () => {
    await world?.close()
    const date = new Date().toISOString().slice(0, 10)
    if (isLive) writeFileSync(LIVE_ANSWERS, `${JSON.stringify({ date, answers }, null, 2)}\n`)
  }
})

test.each(FACTS.filter((fact) => fact.test !== null))('$id: $sentence', async (fact) => {
  answers[fact.id] = 'does not hold'
  await fact.test?.(api)
  answers[fact.id] = 'holds'
  await world?.github.settled()
})

test('nothing that the live GitHub denied is still believed', () => {
  if (!existsSync(LIVE_ANSWERS)) return
  const live = JSON.parse(readFileSync(LIVE_ANSWERS, 'utf8')) as { readonly answers: Readonly<Record<string, string>> }

  expect(Object.entries(live.answers).filter(([, answer]) => answer !== 'holds')).toEqual([])
})

test('facts are told apart by name, each has its page, and the open ones are counted', () => {
  const open = FACTS.filter((fact) => fact.status === 'open')
  console.info(
    `${FACTS.length} facts, ${open.length} open, ${FACTS.filter((fact) => fact.test === null).length} without a test`,
  )

  expect(new Set(FACTS.map((fact) => fact.id)).size).toBe(FACTS.length)
  expect(FACTS.filter((fact) => !/^[a-z-]+(\/[a-z0-9-]+)+(#[a-z0-9-]+)?$/.test(fact.page))).toEqual([])
  expect(FACTS.length).toBeGreaterThan(60)
})

test('no fact needed a request that GitHub does not publish, but for those that try just that', () => {
  const broken = world === undefined ? [] : apiSession(world.github).contractBreaks.map((one) => one.call)

  // 51 annotations, 65,536 characters, a run completed without a conclusion
  expect(broken.filter((call) => call !== 'checks/create')).toEqual([])
})

function inWorld(of: SmallWorld): FactApi {
  const connections = { ada: of.as(of.ada), bob: of.as(of.bob), bot: of.asApp(), itself: of.asItself(), appId: of.app }
  const { actions } = of.github
  registerRunner(of.github)
  return factApi({ here: { owner: 'acme', repo: 'models' }, ...connections, wait: () => actions.settled() })
}

/** What a world could get wrong without anybody noticing, and the fact that notices. */
const LIES: readonly (readonly [string, RegExp, (text: string) => string])[] = [
  ['annotations-append', /\/annotations/, (text) => JSON.stringify(JSON.parse(text).slice(0, 1))],
  ['rerequest-resets-suite', /\/check-suites/, (text) => text.replace('"queued"', '"completed"')],
  ['guid-stays', /\/deliveries\?/, (text) => text.replaceAll(/"guid":"[^"]+"/g, () => `"guid":"${Math.random()}"`)],
  ['stale-data', /\/graphql/, (text) => text.replace('STALE_DATA', 'UNPROCESSABLE')],
  [
    'app-commits-are-signed',
    /\/graphql/,
    (text) => text.replace('"wasSignedByGitHub":true', '"wasSignedByGitHub":false'),
  ],
  ['first-mergeable-null', /\/pulls$/, (text) => text.replace('"mergeable":null', '"mergeable":true')],
  ['activity-names-the-pusher', /\/activity/, (text) => text.replaceAll('"login":"bob"', '"login":"ada"')],
  ['run-name-is-title', /\/actions\/runs\/\d+$/, (text) => text.replace('fact wb-1', 'Facts')],
  ['rerun-is-an-attempt', /\/actions\/runs\/\d+$/, (text) => text.replace('"run_attempt":2', '"run_attempt":1')],
  ['bot-login', /\/graphql/, (text) => text.replace('"weighbridge"', '"weighbridge[bot]"')],
]

test.skipIf(isLive).each(LIES)('a world that lies about it is found out: %s', async (id, where, lie) => {
  const through =
    (inner: typeof fetch): typeof fetch =>
    async (input, init) => {
      const answer = await inner(input, init)
      const body = await answer.text()
      const text = where.test(answer.url) && answer.status < 300 ? lie(body) : body
      return new Response(text === '' ? null : text, { status: answer.status, headers: answer.headers })
    }
  const lying = await openSmallWorld({ through })

  const asked = FACTS.find((fact) => fact.id === id)?.test?.(inWorld(lying))

  await expect(asked).rejects.toThrow()
})

/** By WEIGHBRIDGE_FACTS_SECOND_TOKEN, _APP_ID, _APP_KEY (PEM) beside the two above. */
async function live(owner: string, token: string): Promise<FactApi> {
  const { WEIGHBRIDGE_FACTS_SECOND_TOKEN, WEIGHBRIDGE_FACTS_APP_ID, WEIGHBRIDGE_FACTS_APP_KEY } = process.env
  const here = { owner, repo: 'weighbridge-facts' }
  const app = new App({ appId: Number(WEIGHBRIDGE_FACTS_APP_ID), privateKey: String(WEIGHBRIDGE_FACTS_APP_KEY) })
  const installation = await app.octokit.rest.apps.getRepoInstallation(here)
  return factApi({
    here,
    ada: new Octokit({ auth: token }),
    bob: new Octokit({ auth: WEIGHBRIDGE_FACTS_SECOND_TOKEN }),
    bot: await app.getInstallationOctokit(installation.data.id),
    itself: app.octokit,
    appId: Number(WEIGHBRIDGE_FACTS_APP_ID),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
}
