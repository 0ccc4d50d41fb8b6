import { connect } from 'node:net'
import examples from '@octokit/webhooks-examples' with { type: 'json' }
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { HANDLED_EVENTS } from '../../src/intake/handled-events.ts'
import { webhookDoor } from '../../src/intake/webhook-door.ts'
import { openSecrets } from '../../src/intake/webhook-secrets.ts'
import { worksOf } from '../../src/intake/works-of.ts'
import * as github from './support.ts'

const examplesByEvent = examples as unknown as readonly { name: string; examples: readonly object[] }[]
const bodies: readonly (readonly [string, object])[] = [
  ...examplesByEvent.flatMap(({ name, examples: all }) => all.map((payload) => [name, payload] as const)),
  ['pull_request', github.pullEvent('edited', { changes: { base: { ref: { from: 'x' } } } })],
  ['pull_request', github.pullEvent('opened')],
  ['pull_request_review', github.reviewEvent('submitted', { id: 6, login: 'erin', type: 'User' })],
  ['check_run', github.checkRunEvent('requested_action', { identifier: 'weigh-again' })],
  ['check_suite', github.checkSuiteEvent('rerequested', github.IDENTITY.appId)],
  ['status', github.statusEvent('success')],
  ['merge_group', github.groupEvent('checks_requested')],
  ['merge_group', github.groupEvent('destroyed')],
  ['push', github.pushEvent('refs/heads/main')],
  ['issue_comment', github.commentEvent('created', '/status')],
  ['issue_comment', github.commentEvent('edited', '/status', { from: 'x' })],
  ['issues', github.issueEvent('closed')],
  ['workflow_run', github.runEvent('completed', 'train churn wb-0123456789abcdef0123.1')],
  ['workflow_job', github.jobEvent('completed', 'train wb-0123456789abcdef0123.1')],
  ['installation', github.installationEvent('deleted')],
  ['repository', github.repositoryEvent('renamed')],
]
const handled = bodies.filter(([event]) => event in HANDLED_EVENTS)
const WRONG: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x'.repeat(2000),
  true,
  [],
  {},
  [[]],
  '\u0000',
  '__proto__',
]

test('every real payload that GitHub publishes is taken, whichever event it is of', async () => {
  const { send, inbox } = openQuietDoor()

  for (const [event, payload] of bodies)
    expect([event, await send(event, JSON.stringify(payload))]).toEqual([event, 202])
  expect(bodies.length).toBeGreaterThan(300)
  inbox.close()
})

test('real payloads of pull requests, checks and pushes ask for the work that they should', () => {
  const facts = { appId: 2, botId: 99, ledgerBranch: github.LEDGER, governed: () => null, training: () => null }
  const keys = handled.flatMap(([event, payload]) => worksOf(event, payload, facts).works.map((work) => work.key))

  expect(keys.filter((key) => /^\d+\/#\d+$/.test(key)).length).toBeGreaterThan(8)
  expect(keys).toContain('186853002/base:master')
  expect(keys.filter((key) => /^\d+\/head:[0-9a-f]{40}$/.test(key)).length).toBeGreaterThan(3)
  expect(
    keys.every((key) =>
      /^(\d+\/(#\d+|base:.+|group:\w+|head:\w+|all|comment:\d+|closed:\d+|training:wb-\w+)|installation:\d+)$/.test(
        key,
      ),
    ),
  ).toBe(true)
})

test('with each field dropped, emptied or of a wrong type, a payload is taken or refused, and the door stands (S03)', async () => {
  const { send, inbox, failures } = openQuietDoor()
  const statuses = new Map<number, number>()
  let count = 0
  const take = async (event: string, text: string) => {
    const status = await send(event, text)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    count++
  }

  const synthetic = handled.slice(-16)
  for (const [event, payload] of synthetic)
    for (const path of pathsOf(payload))
      for (const wrong of WRONG) await take(event, JSON.stringify(changed(payload, path, wrong)))
  const arbitrary = fc.tuple(fc.constantFrom(...handled), fc.nat(), fc.nat())
  for (const [[event, payload], at, which] of fc.sample(arbitrary, { numRuns: 6000, seed: 20_261_121 })) {
    const paths = pathsOf(payload)
    await take(event, JSON.stringify(changed(payload, paths[at % paths.length]!, WRONG[which % WRONG.length])))
  }
  for (const [[event], value] of fc.sample(fc.tuple(fc.constantFrom(...handled), fc.json()), {
    numRuns: 2000,
    seed: 1,
  }))
    await take(event, value)
  console.info(`${count} payloads: ${JSON.stringify(Object.fromEntries(statuses))}`)

  expect(count).toBeGreaterThan(10_000)
  expect([...statuses.keys()].sort()).toEqual([202, 400])
  expect(failures).toEqual([])
  inbox.close()
})

test('bytes that are no JSON, no text and no HTTP are refused by the real server, which goes on (S03)', async () => {
  const door = await github.openDoor()
  const bytes = fc.sample(fc.uint8Array({ maxLength: 2000 }), { numRuns: 200, seed: 1 })
  for (const body of bytes) {
    const { headers } = github.delivery('push', '')
    const signed = { ...headers, 'x-hub-signature-256': github.signatureOf(body) }
    const answer = await fetch(door.webhooks, { method: 'POST', headers: signed, body: Buffer.from(body) })
    expect(answer.status).toBe(400)
  }

  const lines = [
    'GET / HTTP/9.9',
    'POST /api/github/webhooks HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2',
    '\u0000\u0001',
    'GET \u007f',
  ]
  for (const line of lines) expect(await rawAnswer(door.intake.port, `${line}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d /)
  for (const url of ['//', '/%', '/api/github/webhooks/..%2f', '*'])
    expect(await rawAnswer(door.intake.port, `GET ${url} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40[045] /,
    )

  expect((await door.deliver('push', github.pushEvent('refs/heads/main'))).status).toBe(202)
  await door.close()
})

function rawAnswer(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString('latin1'))
    })
  })
}

/** The door without a socket; keeps what it could not explain. */
function openQuietDoor() {
  const failures: unknown[] = []
  const inbox = openInbox({ path: ':memory:', now: () => new Date() })
  const door = webhookDoor({
    secrets: openSecrets({ value: github.SECRET }),
    inbox,
    identity: github.IDENTITY,
    ledgerBranch: github.LEDGER,
    now: () => new Date(),
    log: { refused: () => undefined, delivery: () => undefined, failed: (line) => failures.push(line.error) },
  })
  const send = async (event: string, text: string) =>
    (await door.take(github.delivery(event, text).headers, [Buffer.from(text)])).status
  return { send, inbox, failures }
}

type Path = readonly string[]

function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [at]
  const below = Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...at, key]))
  return at.length === 0 ? below : [at, ...below]
}

function changed(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) }
  copy[first] = changed(copy[first], rest, to)
  return copy
}
