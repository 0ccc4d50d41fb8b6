import { generateKeyPairSync } from 'node:crypto'
import { graphql, parse, validate } from 'graphql'
import { type AppHostOptions, openAppHost } from '../../../src/adapters/github/app-host.ts'
import type { HostClock } from '../../../src/adapters/github/host-clock.ts'
import type { HostedRepository } from '../../../src/ports/pull-now.ts'
import { githubSchema } from '../../../src/world/github/api/graphql/schema.ts'

export const REPOSITORY: HostedRepository = { id: 42, owner: 'acme', name: 'models', installation: 7 }
export const APP = 1001
export const BOT = { id: 555, login: 'weighbridge[bot]', isBot: true }
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' })

export interface Asked {
  readonly method: string
  /** Below the API: `/repos/acme/models/pulls/1`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever was sent
  readonly body: any
}
export type Answer = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
type Route = (asked: Asked) => Answer | Error | Promise<Answer | Error>

export interface Recorded {
  /** `GET /repos/acme/models/pulls/1`, `GraphQL PullNow`: in the order of asking, tokens apart. */
  readonly calls: string[]
  readonly asked: Asked[]
  routes: Record<string, Route>
  /** Root value of GraphQL: plain values and functions of arguments, held to GitHub's schema. */
  root: unknown
  readonly tokens: string[]
}

/** A clock that jumps: whoever sleeps has slept. */
export function jumpingClock(start = Date.parse('2026-11-18T10:00:00Z')): HostClock & { slept: number[] } {
  let now = start
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      const until = now + ms
      slept.push(ms)
      await new Promise((resolve) => setImmediate(resolve))
      now = Math.max(now, until)
    },
  }
}

/** A host whose GitHub answers from a table; documents are validated and executed on GitHub's own schema. */
export function openRecorded(options: Partial<AppHostOptions> = {}) {
  const github: Recorded = { calls: [], asked: [], routes: {}, root: {}, tokens: [] }
  const clock = options.clock ?? jumpingClock()
  const answered: typeof fetch = async (input, init) => answer(github, clock, new Request(input, init))
  const host = openAppHost({
    weigher: { appId: APP, privateKey: KEY.toString() },
    mover: null,
    fetch: answered,
    clock,
    throttle: { spacingMs: 0 },
    chance: () => 0.5,
    ...options,
  })
  return { github, clock, app: host, host: host.weigher(REPOSITORY.installation), answered }
}

async function answer(github: Recorded, clock: HostClock, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const text = await request.text()
  const asked: Asked = {
    method: request.method,
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? null : JSON.parse(text),
  }
  if (asked.path.endsWith('/access_tokens')) return token(github, clock)
  github.asked.push(asked)
  if (asked.path === '/graphql') return graphqlResponse(github, asked)
  const name = `${asked.method} ${asked.path}`
  github.calls.push(name)
  const route = github.routes[name] ?? standard[name]
  if (route === undefined) return json({ status: 404, body: { message: `no route ${name}` } })
  const given = await route(asked)
  if (given instanceof Error) throw given
  return json(given)
}

const standard: Record<string, Route> = {
  'GET /app': () => ({ body: { id: APP, slug: 'weighbridge' } }),
  'GET /users/weighbridge[bot]': () => ({ body: { id: BOT.id, login: BOT.login, type: 'Bot' } }),
}

function token(github: Recorded, clock: HostClock): Response {
  const made = `ghs_${github.tokens.length + 1}`
  github.tokens.push(made)
  const expires_at = new Date(clock.now() + 3_600_000).toISOString()
  return json({ status: 201, body: { token: made, expires_at, permissions: {} } })
}

async function graphqlResponse(github: Recorded, { body }: Asked): Promise<Response> {
  const schema = githubSchema()
  const problems = validate(schema, parse(body.query))
  if (problems.length > 0) throw new Error(`not GitHub's GraphQL: ${problems.map(String).join('\n')}`)
  const name = /(?:query|mutation) (\w+)/.exec(body.query)?.[1] ?? ''
  github.calls.push(`GraphQL ${name}`)
  const scripted = github.routes[`GraphQL ${name}`]
  const given = scripted === undefined ? null : await scripted({ ...github.asked.at(-1)!, body })
  if (given instanceof Error) throw given
  if (given !== null) return json(given)
  const result = await graphql({ schema, source: body.query, rootValue: github.root, variableValues: body.variables })
  return json({ body: result })
}

function json({ status = 200, body, headers = {} }: Answer): Response {
  const text = body === undefined ? null : JSON.stringify(body)
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return new Response([204, 304].includes(status) ? null : text, { status, headers: { ...type, ...headers } })
}
