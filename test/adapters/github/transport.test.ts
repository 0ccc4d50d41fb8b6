import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openAppHost } from '../../../src/adapters/github/app-host.ts'
import { HostFailure } from '../../../src/ports/host-failure.ts'
import { jumpingClock, openRecorded, REPOSITORY } from './recorded-github.ts'

const HERE = '/repos/acme/models'
const SHA = 'a'.repeat(40)
const RUNS = `GET ${HERE}/commits/${SHA}/check-runs`
const none = () => ({ body: { total_count: 0, check_runs: [] } })

test('a token is asked for once, kept until shortly before it ends, and renewed once when GitHub refuses it', async () => {
  const { github, host, clock } = openRecorded()
  github.routes[RUNS] = none
  await Promise.all([host.checksOn(REPOSITORY, SHA), host.checksOn(REPOSITORY, SHA)])
  expect(github.tokens).toHaveLength(1)

  await clock.sleep(58 * 60_000)
  await host.checksOn(REPOSITORY, SHA)
  expect(github.tokens).toHaveLength(1)
  await clock.sleep(60_000)
  await host.checksOn(REPOSITORY, SHA)
  expect(github.tokens).toHaveLength(2)

  const refuse = (many: number) => {
    let left = many
    github.routes[RUNS] = () => (left-- > 0 ? { status: 401, body: { message: 'Bad credentials' } } : none())
  }
  refuse(1)
  await host.checksOn(REPOSITORY, SHA)
  expect(github.tokens).toHaveLength(3)
  refuse(9)
  await expect(host.checksOn(REPOSITORY, SHA)).rejects.toMatchObject({ status: 401, retryable: false })
  expect(github.tokens).toHaveLength(4)
})

test('the app speaks as itself with a token of ten minutes, by the clock that it was given', async () => {
  const clock = jumpingClock(Date.parse('2030-01-01T00:00:00Z'))
  const { github, app } = openRecorded({ clock })
  github.routes['GET /app/installations'] = () => ({
    body: [
      { id: 7, suspended_at: null },
      { id: 8, suspended_at: 'x' },
    ],
  })

  expect(await app.installations()).toEqual([
    { id: 7, isSuspended: false },
    { id: 8, isSuspended: true },
  ])
  const token = github.asked[0]?.headers.get('authorization') ?? ''
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  expect(token).toMatch(/^bearer ey/)
  expect([claims.iss, claims.iat - clock.now() / 1000, claims.exp - claims.iat]).toEqual(['1001', -60, 540])
  expect(await app.identity()).toEqual({ appId: 1001, bot: { id: 555, login: 'weighbridge[bot]', isBot: true } })
})

test('no redirect leads to another host, and a token goes to none; one on the same host is followed (S46)', async () => {
  const { github, host } = openRecorded()
  for (const location of [
    'https://evil.example/x',
    'http://api.github.com/x',
    'https://api.github.com:444/x',
    '//10.0.0.1/x',
  ]) {
    github.routes[RUNS] = () => ({ status: 302, headers: { location }, body: {} })
    await expect(host.checksOn(REPOSITORY, SHA)).rejects.toThrow('nothing is sent there')
  }
  expect(new Set(github.asked.map(({ path }) => path))).toEqual(new Set([`${HERE}/commits/${SHA}/check-runs`]))

  github.routes[RUNS] = () => ({ status: 301, headers: { location: 'https://api.github.com/renamed' }, body: {} })
  github.routes['GET /renamed'] = none
  expect(await host.checksOn(REPOSITORY, SHA)).toEqual([])
})

test('an unchanged answer is told from memory', async () => {
  const { github, host } = openRecorded()
  const seen: (string | null)[] = []
  github.routes[RUNS] = ({ headers }) => {
    seen.push(headers.get('if-none-match'))
    return headers.get('if-none-match') === '"one"' ? { status: 304 } : { ...none(), headers: { etag: '"one"' } }
  }

  expect([await host.checksOn(REPOSITORY, SHA), await host.checksOn(REPOSITORY, SHA)]).toEqual([[], []])
  expect(seen).toEqual([null, '"one"'])
})

test('reads are tried four times, 404 once; every failure says what was asked for', async () => {
  const { github, host } = openRecorded()
  github.routes[RUNS] = () => ({ status: 500, body: { message: 'oops' } })
  const failure = await host.checksOn(REPOSITORY, SHA).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(HostFailure)
  expect(failure).toMatchObject({ operation: 'read our checks', status: 500, retryable: true, isAmbiguous: false })
  expect(github.calls).toHaveLength(4)

  github.routes[RUNS] = () => ({ status: 404, body: { message: 'Not Found' } })
  await expect(host.checksOn(REPOSITORY, SHA)).rejects.toMatchObject({ status: 404, retryable: false })
  expect(github.calls).toHaveLength(5)
  expect(JSON.stringify(failure)).not.toContain('ghs_')
})

test('a secondary limit is obeyed by everything in the installation, and shown; a long one is given back', async () => {
  const clock = jumpingClock()
  const { github, host, app } = openRecorded({ clock })
  let left = 1
  const limited = (seconds: string) => ({
    status: 403,
    headers: { 'retry-after': seconds },
    body: { message: 'You have exceeded a secondary rate limit' },
  })
  const at: number[] = []
  github.routes[`POST ${HERE}/issues/7/comments`] = () => {
    at.push(clock.now())
    return left-- > 0 ? limited('30') : { status: 201, body: { id: 1 } }
  }
  github.routes[`GET ${HERE}/issues/7/comments`] = () => ({ body: [] })

  await host.comment(REPOSITORY, 7, '<!-- m -->', 'x')
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(30_000)

  github.routes[RUNS] = () => limited('3600')
  await expect(host.checksOn(REPOSITORY, SHA)).rejects.toMatchObject({ retryAfterS: 3600, retryable: true })
  expect(app.limits()).toContainEqual(
    expect.objectContaining({ installation: 7, blockedUntil: clock.now() + 3_600_000 }),
  )
})

test('the last of the quota is waited out, not spent on trying', async () => {
  const clock = jumpingClock()
  const { github, host } = openRecorded({ clock })
  const reset = `${clock.now() / 1000 + 20}`
  let left = 1
  github.routes[RUNS] = () =>
    left-- > 0
      ? { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, body: { message: 'x' } }
      : none()

  await host.checksOn(REPOSITORY, SHA)

  expect(clock.slept).toEqual([20_000])
})

test('nothing was sent is not ambiguous, and a suspended installation is not tried again', async () => {
  const { github, host } = openRecorded()
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  github.routes[`PUT ${HERE}/pulls/7/merge`] = () => new TypeError('fetch failed', { cause: refused })
  const merge = () => host.merge(REPOSITORY, 7, { sha: SHA, method: 'merge' })
  await expect(merge()).rejects.toMatchObject({ isAmbiguous: false, status: 0, retryable: true })

  github.routes[`PUT ${HERE}/pulls/7/merge`] = () => ({ status: 403, body: { message: 'suspended' } })
  await expect(merge()).rejects.toMatchObject({ status: 403, retryable: false, isAmbiguous: false })
})

test('deliveries are read by cursor until the mark, newest first', async () => {
  const { github, app } = openRecorded()
  const delivery = (id: number, delivered_at: string) => ({
    id,
    guid: `g${id}`,
    delivered_at,
    redelivery: false,
    status_code: 200,
    event: 'push', // biome-ignore format: a row
  })
  const pages: Record<string, object> = {
    '': { body: [delivery(3, '2026-11-18T09:00:00Z'), delivery(2, '2026-11-18T08:00:00Z')], next: 'v1_2' },
    v1_2: { body: [delivery(1, '2026-11-18T06:00:00Z')], next: 'v1_1' },
  }
  github.routes['GET /app/hook/deliveries'] = ({ query }) => {
    const { next, ...page } = pages[query.cursor ?? ''] as { next: string }
    return { ...page, headers: { link: `<https://api.github.com/app/hook/deliveries?cursor=${next}>; rel="next"` } }
  }
  github.routes['POST /app/hook/deliveries/12345678901234567890/attempts'] = () => ({ status: 202, body: {} })

  expect((await app.deliveries('2026-11-18T07:00:00Z')).map(({ id }) => id)).toEqual([3, 2])
  await app.redeliver(12345678901234567890n)
  expect(github.calls).toHaveLength(3)
})

test('the mover is an app of its own, found by the repository; a host reaches no other installation', async () => {
  const { privateKey } = (await import('node:crypto')).generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { github, app } = openRecorded({ mover: { appId: 2002, privateKey: key } })
  github.routes[`GET ${HERE}/installation`] = () => ({ body: { id: 70 } })
  github.routes[RUNS] = ({ query }) => {
    expect(query.app_id).toBe('2002')
    return none()
  }
  const mover = app.mover(7)

  await mover?.checksOn(REPOSITORY, SHA)
  await mover?.checksOn(REPOSITORY, SHA)

  expect(github.calls.filter((call) => call.endsWith('/installation'))).toHaveLength(1)
  expect(() => mover?.checksOn({ ...REPOSITORY, installation: 9 }, SHA)).toThrow('another installation')
  expect(openAppHost({ weigher: { appId: 1, privateKey: key }, mover: null }).mover(7)).toBeNull()
})

test('nothing is fetched at run time, and no limit of Probot’s own delays a write (S51)', async () => {
  const source = readFileSync(new URL('../../../src/adapters/github/octokit-factory.ts', import.meta.url), 'utf8')
  expect(source).not.toMatch(/redis/i)
  const { github, host } = openRecorded()
  github.routes[`PATCH ${HERE}/check-runs/9`] = () => ({ body: { id: 9 } })
  const check = {
    id: 9,
    name: 'weighbridge',
    headSha: SHA,
    status: 'in_progress',
    conclusion: null,
    externalId: 'x',
  } as const
  const texts = { title: 't', summary: 's', text: null, annotations: [], buttons: [], detailsUrl: null }
  const begun = performance.now()

  for (let count = 0; count < 5; count++) await host.publish({ ...check, ...texts }, REPOSITORY)

  expect(performance.now() - begun).toBeLessThan(1000)
})
