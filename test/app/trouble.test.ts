import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type AppWorld, type AppWorldOptions, openAppWorld, serves } from './app-world.ts'

let opened: AppWorld | null = null

async function begin(options: AppWorldOptions = {}): Promise<AppWorld> {
  opened = await openAppWorld(options)
  await opened.settles()
  opened.world.github.forgetCalls()
  return opened
}

afterEach(async () => {
  await opened?.close()
  opened = null
})

/** The next call of a kind has its effect, and its answer is lost. */
function losing(method: string, path: RegExp): (send: typeof fetch) => typeof fetch {
  let isLost = false
  return (send) => async (input, init) => {
    const request = new Request(input, init)
    const answer = await send(input, init)
    if (isLost || request.method !== method || !path.test(new URL(request.url).pathname)) return answer
    isLost = true
    throw new TypeError('fetch failed')
  }
}

/** A timer that has gone off already. */
function atOnce(_: number, act: () => void): () => void {
  act()
  return () => undefined
}

const rollUps = ({ world }: AppWorld, head: string) =>
  [...world.github.state.runs.values()].filter((run) => run.name === 'weighbridge' && run.headSha === head)

describe('when GitHub’s answer is lost', () => {
  test('a check that was written all the same is not written twice', async () => {
    const place = await begin({ network: losing('POST', /\/check-runs$/) })

    const pull = await place.repository.opensPull({ branch: 'prose', files: { 'README.md': 'x' }, by: 'dana' })
    await place.settles()

    expect(rollUps(place, pull.head)).toHaveLength(1)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })
})

const AUTOMATIC = {
  'policies/production.yml': `gates:
  metrics:
    - {metric: roc_auc, min: 0.85}
merge: {automatic: true}
`,
}

describe('when GitHub’s answer to a creating call is lost in a merge', () => {
  test.each([
    ['the merge itself', losing('PUT', /\/merge$/)],
    ['the deployment', losing('POST', /\/deployments$/)],
    ['the ledger’s branch', losing('POST', /\/git\/refs$/)],
  ])('%s happens once', async (_, network) => {
    const { repository, settles, world } = await begin({ files: AUTOMATIC, network })

    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await settles()

    const facts = await repository.file('facts/production/adult/2026-11.jsonl', 'weighbridge/ledger')
    const kinds = (facts ?? '')
      .trim()
      .split('\n')
      .map((line) => /"kind":"([a-z-]+)"/.exec(line)?.[1])
    expect(pull.state).toBe('merged')
    expect([...world.github.state.deployments.values()]).toHaveLength(1)
    expect(kinds.sort()).toEqual(['decided', 'deployed', 'looked'])
  })
})

describe('what the operator does not grant', () => {
  const OPERATOR = (match: string, prefix: string) => `version: 1
repositories:
  - match: ${match}
    stores: [{prefix: '${prefix}'}]
    evidence: file:evidence/
`

  test('is not read, and the promotion is held with the way out (S46)', async () => {
    const { repository, settles } = await begin({ operator: OPERATOR('acme/*', 's3://acme-models/') })

    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await settles()

    const check = pull.check('weighbridge')
    expect(check?.conclusion).not.toBe('success')
    expect(check?.summary).toContain('outside what the operator of this app grants')
  })

  test('holds everything of a repository that it does not name, and nothing else (S66)', async () => {
    const { repository, settles } = await begin({ operator: OPERATOR('acme/other', 'file:.weighbridge/store/') })

    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    const prose = await repository.opensPull({ branch: 'prose', files: { 'README.md': 'x' }, by: 'dana' })
    await settles()

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
    expect(pull.check('weighbridge')?.summary).toContain('the operator of this app grants the repository nothing')
    expect(prose.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('what it grants is read, and evidence is kept apart for each repository', async () => {
    const { repository, settles, home } = await begin({ operator: OPERATOR('acme/risk', 'file:.weighbridge/store/') })

    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await settles()

    expect(pull.check('weighbridge / metrics')).toMatchObject({ conclusion: 'success' })
    expect(readdirSync(join(home, 'files', 'evidence'))).toEqual([`${repository.id}`])
    expect(existsSync(join(home, 'files-root', 'acme', 'risk', '.weighbridge', 'evidence'))).toBe(false)
  })
})

describe('a slow weighing', () => {
  test('says after five seconds that it goes on, and the same run then gets the verdict', async () => {
    const place = await begin({ after: atOnce })

    const pull = await place.repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await place.settles()

    expect(place.world.github.writes.slice(0, 2)).toEqual(['POST check-runs', 'PATCH check-runs'])
    expect(rollUps(place, pull.head)).toHaveLength(1)
    expect(pull.check('weighbridge')).toMatchObject({ status: 'completed' })
  })
})

describe('a job that cannot be done', () => {
  test('is given up after eight tries, and the check says so in red', async () => {
    const broken =
      (send: typeof fetch): typeof fetch =>
      async (input, init) =>
        /compare/.test(new Request(input, init).url) ? new Response('{}', { status: 502 }) : send(input, init)
    const place = await begin({ network: broken })

    const pull = await place.repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await place.world.settles(4 * 3_600_000)

    expect(pull.check('weighbridge')).toMatchObject({
      conclusion: 'failure',
      title: 'Weighbridge could not finish',
    })
  })
})

describe('the door on a socket', () => {
  test('says of itself neither version nor figures to strangers (S52)', async () => {
    const place = await begin({ listens: true, settings: { metricsToken: 'a token of twenty characters' } })
    const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${place.app.port}${path}`, { headers })

    const [health, metrics, known, report] = await Promise.all([
      ask('/healthz'),
      ask('/metrics'),
      ask('/metrics', { authorization: 'Bearer a token of twenty characters' }),
      ask(`/reports/acme/risk/${'0'.repeat(64)}`),
    ])

    expect([health.status, metrics.status, known.status, report.status]).toEqual([200, 401, 200, 404])
    expect(`${await health.text()} ${JSON.stringify([...health.headers])}`).not.toMatch(/\d+\.\d+\.\d+/)
  })

  test('shows the report that the check links to', async () => {
    const place = await begin({ listens: true })
    const pull = await place.repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await place.settles()
    const [run] = rollUps(place, pull.head)
    const { pathname } = new URL(run?.detailsUrl ?? 'http://nowhere')

    const page = await fetch(`http://127.0.0.1:${place.app.port}${pathname}`)

    expect(pathname).toMatch(/^\/reports\/acme\/risk\/[0-9a-f]{64}$/)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('adult 1.0.0')
  })
})
