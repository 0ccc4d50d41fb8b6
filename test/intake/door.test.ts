import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { openMetrics } from '../../src/app/metrics.ts'
import { healthRoute, metricsRoute, readyRoute } from '../../src/intake/health-routes.ts'
import { webhookDoor } from '../../src/intake/webhook-door.ts'
import type { Work } from '../../src/ports/inbox.ts'
import {
  checkRunEvent,
  delivery,
  IDENTITY,
  LEDGER,
  openDoor,
  pullEvent,
  pushEvent,
  reviewEvent,
  SECRET,
  signatureOf,
  statusEvent,
} from './support.ts'

let door: Awaited<ReturnType<typeof openDoor>>
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const leased = () => door.inbox.lease(new Date().toISOString())

test('a signed delivery is in the inbox when the answer comes', async () => {
  const answer = await door.deliver('pull_request', pullEvent('opened'), 'guid-1')

  expect([answer.status, await answer.text()]).toEqual([202, 'queued'])
  expect(leased()?.work.key).toBe('42/#7')
  expect(door.log.lines).toMatchObject([{ guid: 'guid-1', event: 'pull_request', action: 'opened', outcome: 'queued' }])
})

test('whoever cannot sign learns one word, and leaves one short line without a word of the payload (S01)', async () => {
  const canary = 'canary-in-the-payload'
  const sent = delivery('pull_request', { ...pullEvent('opened'), canary })
  const unsigned = { ...sent, headers: { ...sent.headers, 'x-hub-signature-256': '' } }
  const byAnother = delivery('pull_request', { canary }, canary, 'another secret')

  for (const [request, word] of [
    [unsigned, 'no signature'],
    [byAnother, 'wrong signature'],
  ] as const) {
    const answer = await fetch(door.webhooks, request)
    expect([answer.status, await answer.text()]).toEqual([401, word])
  }
  expect(leased()).toBe(null)
  expect(door.log.lines).toHaveLength(2)
  for (const line of door.log.lines) {
    expect(JSON.stringify(line).length).toBeLessThan(1000)
    expect(JSON.stringify(line)).not.toContain(canary)
  }
})

test('an answer never says what was sent, and always forbids what a browser could do with it', async () => {
  const answer = await fetch(`${door.url}/<script>alert(1)</script>?x=<b>`)

  expect([answer.status, await answer.text()]).toEqual([404, 'Not found'])
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  expect(answer.headers.get('x-powered-by') ?? answer.headers.get('server')).toBe(null)
})

test.each([
  ['application/x-www-form-urlencoded', 415],
  ['text/plain', 415],
  ['application/json; charset=utf-8', 202],
  ['application/json; charset=utf-16', 415],
])('content of the type %s is answered %i', async (type, status) => {
  const sent = delivery('ping', { zen: 'x' })

  expect((await fetch(door.webhooks, { ...sent, headers: { ...sent.headers, 'content-type': type } })).status).toBe(
    status,
  )
})

test.each([
  ['no JSON at all', 'pull_request', '{"action":'],
  ['no object', 'pull_request', 'null'],
  ['no pull request', 'pull_request', '{"action":"opened"}'],
  ['a nest of 100,000 lists', 'pull_request', '['.repeat(100_000) + ']'.repeat(100_000)],
])('signed but malformed, %s, is a 400 and nothing else (S03)', async (_, event, body) => {
  expect((await door.deliver(event, body)).status).toBe(400)
  expect((await door.deliver('pull_request', pullEvent('opened'))).status).toBe(202)
})

test('names and numbers of a delivery must be of GitHub’s form (S03)', async () => {
  for (const change of [
    { 'x-github-delivery': '../x' },
    { 'x-github-event': 'PULL REQUEST' },
    { 'x-github-delivery': 'a'.repeat(65) },
  ]) {
    const sent = delivery('pull_request', pullEvent('opened'))
    expect((await fetch(door.webhooks, { ...sent, headers: { ...sent.headers, ...change } })).status).toBe(400)
  }
})

test('an event that asks for nothing is answered and forgotten', async () => {
  for (const [event, payload] of [
    ['watch', { action: 'started' }],
    ['push', pushEvent('refs/heads/feature')],
    ['status', statusEvent('success')],
  ] as const)
    expect(await (await door.deliver(event, payload)).text()).toBe('ignored')

  expect(door.inbox.counts().deliveries).toEqual({ pending: 0, running: 0, done: 0, dead: 0 })
})

test('somebody else’s status wakes the merge that waits for its commit, and no other', async () => {
  await door.deliver('pull_request', pullEvent('opened'))
  const waiting = leased()!
  door.inbox.done(waiting)
  door.inbox.waitToMerge(waiting.work, statusEvent('x').sha)

  expect(await (await door.deliver('status', { ...statusEvent('success'), sha: 'c'.repeat(40) })).text()).toBe(
    'ignored',
  )
  expect(await (await door.deliver('status', statusEvent('success'))).text()).toBe('queued')
  expect(leased()?.work.key).toBe('42/#7')
})

test('a chatty CI, 32 checks on each of 25 stacked pull requests, asks for no work and writes nothing (S53)', async () => {
  const heads = Array.from({ length: 25 }, (_, index) => index.toString(16).padStart(40, '0'))
  const ofOthers = heads.flatMap((head_sha) =>
    Array.from({ length: 32 }, (_, app) => {
      const event = checkRunEvent('completed', { appId: 100 + app })
      return { ...event, check_run: { ...event.check_run, head_sha } }
    }),
  )
  for (const payload of ofOthers) {
    const { headers, body } = delivery('check_run', payload)
    expect(await door.intake.door.take(headers, [Buffer.from(body)])).toEqual({ status: 202, text: 'ignored' })
  }

  expect(door.inbox.counts()).toMatchObject({ deliveries: { pending: 0, done: 0 }, jobs: { waiting: 0 } })
})

test('the same delivery twenty times at once is one piece of work (S06)', async () => {
  const sent = delivery('pull_request', pullEvent('opened'))
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(door.webhooks, sent).then((one) => one.text())),
  )

  expect(answers.filter((word) => word === 'queued')).toHaveLength(1)
  expect(answers.filter((word) => word === 'dropped')).toHaveLength(19)
  expect(door.inbox.counts()).toMatchObject({ deliveries: { pending: 1 }, jobs: { waiting: 1 } })
})

test('in whatever order the events of a pull request arrive, the same work waits in the end (S07)', async () => {
  const events = [
    delivery('pull_request', pullEvent('opened')),
    delivery('pull_request', pullEvent('synchronize', { sha: 'c'.repeat(40) })),
    delivery('pull_request', pullEvent('synchronize')),
    delivery('pull_request_review', reviewEvent('submitted', { id: 6, login: 'erin', type: 'User' })),
    delivery('pull_request', pullEvent('closed')),
  ]
  const ends = new Set<string>()
  for (const order of permutations(events)) {
    const inbox = openInbox({ path: ':memory:', now: () => new Date() })
    const other = webhookDoor({
      secrets: () => [SECRET],
      inbox,
      identity: IDENTITY,
      ledgerBranch: LEDGER,
      now: () => new Date(),
      log: door.log,
    })
    for (const { headers, body } of order) expect((await other.take(headers, [Buffer.from(body)])).text).toBe('queued')
    const works = [1, 2, 3].map(() => inbox.lease(new Date().toISOString())?.work)
    ends.add(JSON.stringify(works.map((work) => work && { ...work, head: null }).sort(byKey)))
    inbox.close()
  }

  expect([...ends].map((end) => JSON.parse(end).map((work: Work | null) => work?.key))).toEqual([
    ['42/#7', `42/head:${'a'.repeat(40)}`, undefined],
  ])
})

function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length <= 1) return [all]
  return all.flatMap((one, index) => permutations(all.toSpliced(index, 1)).map((rest) => [one, ...rest]))
}

function byKey(a: Work | undefined, b: Work | undefined): number {
  return (a?.key ?? '~') < (b?.key ?? '~') ? -1 : 1
}

test('a door that closes still answers whoever is inside, and lets nobody else in', async () => {
  const other = await openDoor({ inbox: door.inbox })
  const { headers, body } = delivery('pull_request', pullEvent('opened'))
  const slow = request(other.webhooks, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  })
  slow.write(body.slice(0, 10))
  await new Promise((resolve) => setTimeout(resolve, 50))
  const closed = other.intake.close()
  await expect(fetch(other.webhooks, { method: 'POST' })).rejects.toThrow()

  slow.end(body.slice(10))
  const [answer] = (await once(slow, 'response')) as [IncomingMessage]
  expect(answer.statusCode).toBe(202)
  answer.resume()
  await closed
})

test('connections that idle make room for those that ask (S02)', async () => {
  const other = await openDoor({ inbox: door.inbox, maxConnections: 20 })
  const idle = new Agent({ keepAlive: true })
  for (let count = 0; count < 60; count++) {
    const asking = request(`${other.url}/`, { agent: idle })
    const [answer] = (await once(asking.end(), 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(404)
    if (count % 2 === 0) await once(answer.resume(), 'end')
  }

  expect((await other.deliver('pull_request', pullEvent('opened'))).status).toBe(202)
  idle.destroy()
  await other.intake.close()
})

test('what cannot be kept is not answered as taken: GitHub will show it as failed, and the sweep asks for it again', async () => {
  door.inbox.close()
  const answer = await door.deliver('pull_request', pullEvent('opened'))

  expect([answer.status, await answer.text()]).toEqual([503, 'inbox'])
})

test('the signature is of the raw bytes, not of what they mean', async () => {
  const sent = delivery('pull_request', pullEvent('opened'))
  const spaced = { ...sent, body: `${sent.body} ` }

  expect((await fetch(door.webhooks, spaced)).status).toBe(401)
  const resigned = { ...spaced, headers: { ...sent.headers, 'x-hub-signature-256': signatureOf(spaced.body, SECRET) } }
  expect((await fetch(door.webhooks, resigned)).status).toBe(202)
})

test('health says nothing but that it lives; readiness says what is wrong without a version (S52)', async () => {
  let skew: number | null = null
  const inbox = door.inbox
  const now = () => new Date()
  const other = await openDoor({ inbox, routes: [healthRoute(), readyRoute({ inbox, now, clockSkewS: () => skew })] })
  const ready = async () => {
    const answer = await fetch(`${other.url}/readyz`)
    return [answer.status, await answer.json()]
  }

  expect(await (await fetch(`${other.url}/healthz`)).text()).toBe('ok')
  expect(await ready()).toEqual([200, { inbox: true, clock: true, oldest_job_s: 0 }])
  skew = -61
  await new Promise((resolve) => setTimeout(resolve, 1050))
  expect(await ready()).toEqual([503, { inbox: true, clock: false, oldest_job_s: 0 }])
  await other.intake.close()
})

test('metrics are for this machine, or for whoever brings the token (S52)', async () => {
  const metrics = openMetrics({ inbox: door.inbox, now: () => new Date(), skew: { seconds: () => null } })
  const route = (token?: string) => metricsRoute({ text: metrics.text, contentType: metrics.contentType, token })
  const ask = async (token: string | undefined, headers: Record<string, string> = {}) => {
    const other = await openDoor({ inbox: door.inbox, routes: [route(token)] })
    const answer = await fetch(`${other.url}/metrics`, { headers })
    await other.intake.close()
    return [answer.status, (await answer.text()).includes('weighbridge_jobs')]
  }

  expect(await ask(undefined)).toEqual([200, true])
  expect(await ask(undefined, { 'x-forwarded-for': '203.0.113.1' })).toEqual([404, false])
  expect(await ask('t0ken')).toEqual([401, false])
  expect(await ask('t0ken', { authorization: 'Bearer nope' })).toEqual([401, false])
  expect(await ask('t0ken', { authorization: 'Bearer t0ken' })).toEqual([200, true])
})

test('pages of other rooms get their parts of the path decoded, and a crash in one is a constant 500', async () => {
  const routes = [
    {
      method: 'GET' as const,
      path: '/pulls/:owner/:name',
      handler: ({ params }: { params: Readonly<Record<string, string>> }) => ({
        status: 200,
        body: JSON.stringify(params),
      }),
    },
    {
      method: 'GET' as const,
      path: '/broken',
      handler: () => {
        throw new Error('canary')
      },
    },
  ]
  const other = await openDoor({ inbox: door.inbox, routes })

  expect(await (await fetch(`${other.url}/pulls/acme/a%2Fb`)).json()).toEqual({ owner: 'acme', name: 'a/b' })
  expect((await fetch(`${other.url}/pulls/acme/%ff`)).status).toBe(404)
  expect((await fetch(`${other.url}/pulls/acme/x`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${other.url}/pulls/acme/x`, { method: 'HEAD' })).headers.get('content-length')).not.toBe('0')
  const broken = await fetch(`${other.url}/broken`)
  expect([broken.status, await broken.text()]).toEqual([500, 'Something failed here'])
  await other.intake.close()
})
