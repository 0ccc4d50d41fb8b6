import { apiContract } from '../contract/api-contract.ts'
import type { OperationId } from '../contract/operations.ts'
import { type Actor, type GitHub, Refusal, type WorldRepository } from '../github-state.ts'
import { findRepository } from '../state/find.ts'
import { allow } from './allow.ts'
import { apiSession } from './api-session.ts'
import { credentialsIn } from './authentication.ts'
import { editionOf } from './edition.ts'
import { PERMISSIONS } from './permissions.ts'
import { notFound, type RestAnswer, type RestCall } from './rest-call.ts'
import { type Match, route } from './router.ts'
import { ROUTES } from './routes/index.ts'
import type { WorldRequest } from './world-request.ts'

/** Answers a REST request whose sender is known; both the request and the answer are held to the contract. */
export async function answerRest(
  github: GitHub,
  actor: Actor,
  request: WorldRequest,
  url: URL,
  path: string,
): Promise<RestAnswer> {
  const moved = movedTo(github, path)
  if (moved !== null) return redirect(github, request.method, `${moved}${url.search}`)
  const match = route(editionOf(github), request.method, byName(github, path))
  if (match === null) throw notFound()
  const repository =
    match.params.repo === undefined ? null : repositoryAt(github, match.params.owner, match.params.repo)
  if (match.params.repo !== undefined && repository === null) throw notFound()
  allow(github, actor, PERMISSIONS[match.id], repository)
  const { query, body } = checked(github, request, url, match)
  const call = callOf(github, actor, { match, query, body, repository, request })
  try {
    const answer = await ROUTES[match.id](call)
    if (!Buffer.isBuffer(answer.body)) hold(github, match.id, answer)
    return answer
  } catch (error) {
    // a refusal is an answer too: with a status that GitHub gives there
    if (error instanceof Refusal) hold(github, match.id, { status: error.status, body: { message: error.message } })
    throw error
  }
}

function callOf(
  github: GitHub,
  actor: Actor,
  of: {
    readonly match: Match
    readonly query: Readonly<Record<string, string>>
    readonly body: unknown
    readonly repository: WorldRepository | null
    readonly request: WorldRequest
  },
): RestCall {
  const operation = apiContract(editionOf(github)).operation(of.match.id)
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURI(of.match.params[name] ?? ''))
  return {
    github,
    actor,
    params: of.match.params,
    query: of.query,
    body: (of.body ?? {}) as Readonly<Record<string, unknown>>,
    accept: of.request.headers.accept ?? '',
    credentials: credentialsIn(of.request.headers.authorization ?? ''),
    url: `${github.state.settings.apiUrl}${path}`,
    get repository(): WorldRepository {
      if (of.repository === null) throw new RangeError(`${of.match.id} names no repository`)
      return of.repository
    },
  }
}

function checked(
  github: GitHub,
  request: WorldRequest,
  url: URL,
  match: Match,
): { readonly query: Readonly<Record<string, string>>; readonly body: unknown } {
  const query = Object.fromEntries(url.searchParams)
  const body = bodyOf(request)
  const problems = apiContract(editionOf(github)).requestProblems(match.id, { params: match.params, query, body })
  if (problems.length > 0) {
    apiSession(github).contractBreaks.push({ call: match.id, problems })
    throw new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`)
  }
  return { query, body }
}

function bodyOf(request: WorldRequest): unknown {
  if (request.body.length === 0) return undefined
  try {
    return JSON.parse(request.body.toString('utf8'))
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

/** What we answer is what the receiver reads: through JSON, so that an undefined or a Date is seen as he sees it. */
function hold(github: GitHub, id: OperationId, answer: RestAnswer): void {
  const seen = answer.body === undefined ? null : JSON.parse(JSON.stringify(answer.body))
  apiContract(editionOf(github)).checkAnswer(id, answer.status, seen)
}

const BY_ID = /^\/repositories\/(\d+)(\/.*)?$/
const BY_NAME = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/

/** A path by id means the same as the one by name. */
function byName(github: GitHub, path: string): string {
  const hit = BY_ID.exec(path)
  const repository = github.state.repositories.get(Number(hit?.[1]))
  if (hit === null || repository === undefined) return path
  const owner = github.state.accounts.get(repository.owner)?.login ?? ''
  return `/repos/${owner}/${repository.name}${hit[2] ?? ''}`
}

/** Where a renamed repository is found by id; null when the name is today's, or nobody's. */
function movedTo(github: GitHub, path: string): string | null {
  const hit = BY_NAME.exec(path)
  if (hit === null) return null
  const [, owner = '', repo = '', rest = ''] = hit
  const found = findRepository(github.state, `${owner}/${repo}`)
  return found?.isFormerName ? `/repositories/${found.repository.id}${rest}` : null
}

function redirect(github: GitHub, method: string, path: string): RestAnswer {
  const url = `${github.state.settings.apiUrl}${path}`
  return {
    status: method === 'GET' ? 301 : 307,
    body: { message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' },
    headers: { location: url },
  }
}

function repositoryAt(github: GitHub, owner = '', name = ''): WorldRepository | null {
  return findRepository(github.state, `${owner}/${name}`)?.repository ?? null
}
