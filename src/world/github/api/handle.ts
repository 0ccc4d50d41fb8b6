import { createHash } from 'node:crypto'
import type { OperationId } from '../contract/operations.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { webPage } from '../web/web-page.ts'
import { MissingPermission } from './allow.ts'
import { answerGraphql } from './answer-graphql.ts'
import { answerRest } from './answer-rest.ts'
import { type ApiCall, apiSession } from './api-session.ts'
import { identify } from './authentication.ts'
import { download } from './downloads.ts'
import { editionHeaders, editionOf, pathBelowApi } from './edition.ts'
import { budgetOf, mustHaveBudget, type Resource, rateHeaders, spend } from './rate-limit.ts'
import { notFound, type RestAnswer } from './rest-call.ts'
import { route } from './router.ts'
import type { WorldRequest, WorldResponse } from './world-request.ts'

/** Which call this is, for the log; filled in as it becomes known. */
interface Traced {
  operation: ApiCall['operation']
  subject: string
  fields: readonly string[]
  isWrite: boolean
  actor: Actor
}

/** Reads that spend nothing of the hour. */
const FREE: readonly (OperationId | null)[] = ['rate-limit/get', 'meta/get']

/** Answers a request as GitHub would. A bug of the world is thrown; everything else is an answer. */
export async function handle(github: GitHub, request: WorldRequest): Promise<WorldResponse> {
  const traced: Traced = { operation: null, subject: '', fields: [], isWrite: false, actor: { kind: 'anonymous' } }
  const url = new URL(request.url, github.state.settings.apiUrl)
  const resource: Resource = url.pathname.endsWith('/graphql') ? 'graphql' : 'core'
  const file = download(github, url, request.headers.authorization)
  if (file !== null) return { status: file.status, headers: file.headers ?? {}, body: bytesOf(file.body) }
  const page = await webPage(github, url, request)
  if (page !== null) return page
  const answer = await answered(github, request, url, resource, traced)
  const response = responseTo(github, request, answer, traced, resource)
  apiSession(github).calls.push({
    method: request.method,
    operation: traced.operation,
    fields: traced.fields,
    subject: traced.subject,
    url: `${url.pathname}${url.search}`,
    token: traced.actor.kind,
    status: response.status,
    isWrite: traced.isWrite,
  })
  return response
}

async function answered(
  github: GitHub,
  request: WorldRequest,
  url: URL,
  resource: Resource,
  traced: Traced,
): Promise<RestAnswer> {
  try {
    traced.actor = identify(github, request.headers.authorization)
    const path = pathBelowApi(editionOf(github), url.pathname)
    if (resource === 'core' && path !== null) {
      const match = route(editionOf(github), request.method, path)
      traced.operation = match?.id ?? null
      traced.subject = match?.subject ?? path
      traced.isWrite = request.method !== 'GET' && !traced.subject.startsWith('app/')
    }
    if (!FREE.includes(traced.operation as OperationId | null)) mustHaveBudget(github, traced.actor, resource)
    if (path === null) throw notFound()
    if (resource === 'core') return await answerRest(github, traced.actor, request, url, path)
    const { answer, name, fields, isWrite } = await answerGraphql(github, traced.actor, request)
    Object.assign(traced, { operation: `graphql ${name}`, subject: 'graphql', fields, isWrite })
    return answer
  } catch (error) {
    if (error instanceof Refusal) return refused(error, resource)
    // whoever asked may swallow it: a test that looks here will not
    apiSession(github).contractBreaks.push({
      call: String(traced.operation ?? url.pathname),
      problems: [String(error)],
    })
    throw error
  }
}

function refused(refusal: Refusal, resource: Resource): RestAnswer {
  const errors = refusal.errors.length > 0 ? { errors: refusal.errors } : {}
  const missing =
    refusal instanceof MissingPermission
      ? { 'x-accepted-github-permissions': `${refusal.permission}=${refusal.access}` }
      : undefined
  // GraphQL says with 200 what REST says with 403: the hour is spent
  if (resource === 'graphql' && refusal.type === 'RATE_LIMITED') {
    return { status: 200, body: { errors: [{ type: refusal.type, message: refusal.message }] } }
  }
  return {
    status: refusal.status,
    body: {
      message: refusal.message,
      ...errors,
      documentation_url: 'https://docs.github.com/rest',
      status: String(refusal.status),
    },
    ...(missing === undefined ? {} : { headers: missing }),
  }
}

function responseTo(
  github: GitHub,
  request: WorldRequest,
  answer: RestAnswer,
  traced: Traced,
  resource: Resource,
): WorldResponse {
  const body = bytesOf(answer.body)
  const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`
  const isRead = request.method === 'GET' && answer.status === 200
  const isUnchanged = isRead && request.headers['if-none-match'] === etag
  if (!isUnchanged && !FREE.includes(traced.operation as OperationId | null)) spend(github, traced.actor, resource)
  const type = Buffer.isBuffer(answer.body)
    ? 'application/vnd.github.raw; charset=utf-8'
    : 'application/json; charset=utf-8'
  return {
    status: isUnchanged ? 304 : answer.status,
    headers: {
      ...(body.length > 0 ? { 'content-type': type } : {}),
      'content-length': String(isUnchanged ? 0 : body.length),
      date: new Date(github.clock.now()).toUTCString(),
      server: 'github.com',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': requestId(github),
      ...editionHeaders(editionOf(github)),
      ...rateHeaders(budgetOf(github, traced.actor, resource)),
      ...(isRead ? { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } : {}),
      ...answer.headers,
    },
    body: isUnchanged ? Buffer.alloc(0) : body,
  }
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0)
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
}

/** The same request of the same run has the same id. */
function requestId(github: GitHub): string {
  const session = apiSession(github)
  session.requests += 1
  return `WB00:${session.requests.toString(16).padStart(8, '0').toUpperCase()}`
}
