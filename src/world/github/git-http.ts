import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { environment } from '../../adapters/checkout/git.ts'
import { push } from './acts/push.ts'
import { type Actor, type GitHub, Refusal } from './github-state.ts'
import { readPushCommands, refusalReport } from './push-protocol.ts'
import { withShadow } from './shadow-repository.ts'
import { findRepository } from './state/find.ts'
import type { WorldRepository } from './state/repositories.ts'
import { mayIn } from './state/roles.ts'

const ROUTE = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/
/** A push is held in memory. */
const MOST_BYTES = 256 * 1024 * 1024

/** Who sends a request, by its Authorization header; throws a Refusal for credentials that are wrong. */
export type Identify = (github: GitHub, authorization: string | undefined) => Actor

/**
 * Clone, fetch and push with a real Git client.
 *
 * @returns a handler of `/<owner>/<name>.git/...`; it answers false for any other path
 */
export function gitOverHttp(github: GitHub, identify: Identify) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const [path = '', query = ''] = (request.url ?? '/').split('?')
    const found = ROUTE.exec(path)
    if (found === null) return false
    try {
      const repository = findRepository(github.state, found[1] ?? '')?.repository ?? null
      const isPush = found[2] === 'git-receive-pack' || query.includes('service=git-receive-pack')
      const actor = identify(github, request.headers.authorization)
      const mine = admit(github, actor, repository, isPush)
      await serve(github, actor, mine, { request, response, route: found[2] ?? '', query })
    } catch (error) {
      refuse(response, error)
    }
    return true
  }
}

/** @throws {Refusal} 401 to strangers, 404 to those who may not read, 403 to those who may not push */
function admit(github: GitHub, actor: Actor, repository: WorldRepository | null, isPush: boolean): WorldRepository {
  const isPublic = repository !== null && !repository.isPrivate
  if (actor.kind === 'anonymous' && (isPush || !isPublic)) throw new Refusal(401, 'Authentication required')
  if (repository === null) throw new Refusal(404, 'Repository not found')
  if (!isPublic && !mayIn(github.state, actor, repository, 'contents', 'read'))
    throw new Refusal(404, 'Repository not found')
  if (isPush && !mayIn(github.state, actor, repository, 'contents', 'write'))
    throw new Refusal(403, `Permission to ${repository.name} denied`)
  return repository
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly route: string
  readonly query: string
}

async function serve(github: GitHub, actor: Actor, repository: WorldRepository, exchange: Exchange): Promise<void> {
  const body = await bodyOf(exchange.request)
  if (exchange.route !== 'git-receive-pack') {
    answer(exchange.response, await backend(github.storage.folder(repository.id), exchange, body))
    return
  }
  const plain = exchange.request.headers['content-encoding'] === 'gzip' ? unzipped(body) : body
  answer(exchange.response, await receive(github, actor, repository, exchange, plain))
}

/**
 * A push goes into a copy that shares the repository's objects; then its changes are judged as any other change of refs.
 * So a refused push leaves no trace but objects that nobody points at, and no hook is needed.
 */
async function receive(
  github: GitHub,
  actor: Actor,
  repository: WorldRepository,
  exchange: Exchange,
  body: Buffer,
): Promise<CgiAnswer> {
  const { commands, capabilities } = readPushCommands(body)
  return withShadow(github.storage.folder(repository.id), async (shadow) => {
    const said = await backend(shadow.folder, exchange, body)
    const changes = commands.filter((one) => shadow.tip(one.ref) === one.to && one.from !== one.to)
    if (changes.length === 0) return said
    try {
      await push(github, actor, { repository: repository.id, changes })
      return said
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ...said, body: refusalReport(commands, capabilities, error.message) }
    }
  })
}

interface CgiAnswer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

function backend(folder: string, { request, route, query }: Exchange, body: Buffer): Promise<CgiAnswer> {
  const isUnpacked = route === 'git-receive-pack'
  const env = {
    ...environment(),
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${route}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: query,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: isUnpacked ? '' : (request.headers['content-encoding'] ?? ''),
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    REMOTE_USER: 'world',
    REMOTE_ADDR: '127.0.0.1',
  }
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', () => resolve(parseCgi(Buffer.concat(chunks))))
    child.stdin.on('error', () => undefined)
    child.stdin.end(body)
  })
}

function parseCgi(output: Buffer): CgiAnswer {
  const split = output.indexOf('\r\n\r\n')
  if (split < 0) throw new Refusal(500, 'git http-backend gave no answer')
  const lines = output.toString('latin1', 0, split).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const
  })
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1]
  return {
    status: Number.parseInt(status ?? '200', 10),
    headers: headers.filter(([name]) => name.toLowerCase() !== 'status'),
    body: output.subarray(split + 4),
  }
}

function answer(response: ServerResponse, said: CgiAnswer): void {
  response.writeHead(said.status, Object.fromEntries(said.headers))
  response.end(said.body)
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : 500
  const wanted = status === 401 ? { 'WWW-Authenticate': 'Basic realm="GitHub"' } : {}
  response.writeHead(status, { 'Content-Type': 'text/plain', ...wanted })
  response.end(error instanceof Refusal ? error.message : 'Internal error')
}

function unzipped(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: MOST_BYTES })
  } catch {
    throw new Refusal(400, 'The body is no gzip, or too large')
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Refusal(413, 'The push is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
