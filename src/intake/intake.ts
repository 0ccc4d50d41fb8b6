import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answer, answerAndClose } from './answer.ts'
import { BODY_LIMITS, type Bodies, type BodyLimits, openBodies, releaseBody } from './bodies.ts'
import type { Refusal } from './intake-log.ts'
import { matchRoute, type Route } from './route.ts'
import { type DoorOptions, type WebhookDoor, webhookDoor } from './webhook-door.ts'

/** Where GitHub delivers. */
export const WEBHOOK_PATH = '/api/github/webhooks'

export interface IntakeOptions extends DoorOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** What is answered besides deliveries. */
  readonly routes: readonly Route[]
  readonly limits?: BodyLimits
  readonly maxConnections?: number
}

export interface Intake {
  readonly port: number
  /** The door without the socket. */
  readonly door: WebhookDoor
  /** Takes no more connections, answers those that are open, then ends. */
  close(): Promise<void>
}

interface Front {
  readonly options: IntakeOptions
  readonly door: WebhookDoor
  readonly bodies: Bodies
}

const MAX_CONNECTIONS = 2000
/** Longer than the minute after which proxies hang up themselves: who hangs up first loses a delivery now and then. */
const KEEP_ALIVE_MS = 75_000

const REFUSALS: Readonly<Record<408 | 413 | 429, Refusal>> = {
  408: 'body too slow',
  413: 'body too large',
  429: 'too many bytes at once',
}

/**
 * The app's front door: takes GitHub's deliveries into the inbox and answers before any work begins.
 *
 * Whoever is not GitHub can neither fill the memory (bodies are limited one by one and together), nor hold a connection
 * (headers and bodies have deadlines), nor the log (one short line a request), nor learn anything (constant answers).
 */
export async function openIntake(options: IntakeOptions): Promise<Intake> {
  const front = { options, door: webhookDoor(options), bodies: openBodies(options.limits ?? BODY_LIMITS) }
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 20_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => void serve(front, request, response),
  )
  limitConnections(server, options.maxConnections ?? MAX_CONNECTIONS)
  server.setTimeout(30_000)
  server.on('clientError', refuseBadRequest)
  await listen(server, options)
  return {
    port: (server.address() as AddressInfo).port,
    door: front.door,
    close: () => close(server, front.bodies),
  }
}

async function serve(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  try {
    const url = URL.parse(request.url ?? '', 'http://localhost')
    if (url === null) return answer(response, { status: 400, body: 'Bad request' })
    if (url.pathname === WEBHOOK_PATH) return await takeDelivery(front, request, response)
    await serveRoute(front.options, request, response, url)
  } catch (error) {
    front.options.log.failed({ where: 'server', error })
    if (!response.headersSent) answer(response, { status: 500, body: 'Something failed here' })
  }
}

async function takeDelivery({ options, door, bodies }: Front, request: IncomingMessage, response: ServerResponse) {
  if (request.method !== 'POST') return answerAndClose(request, 405, 'Method not allowed')
  if (bodies.isTooLarge(request)) return refuseBody(options, request, 413)
  const early = door.refuse(request.headers)
  if (early !== null) return answerAndClose(request, early.status, early.text)
  const body = await bodies.read(request)
  if (body.is === 'refused') return refuseBody(options, request, body.status)
  const { status, text } = await door.take(request.headers, body.parts)
  releaseBody(body.parts)
  answer(response, { status, body: text })
}

function refuseBody({ log }: IntakeOptions, request: IncomingMessage, status: 408 | 413 | 429 | null): void {
  if (status === null) return
  log.refused({ status, because: REFUSALS[status] })
  answerAndClose(request, status, REFUSALS[status])
}

async function serveRoute(options: IntakeOptions, request: IncomingMessage, response: ServerResponse, url: URL) {
  const method = request.method ?? 'GET'
  const matched = matchRoute(options.routes, method, url.pathname)
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody) return answerAndClose(request, 413, 'No body is read here')
  if (matched.is === 'nothing')
    return answer(response, {
      status: matched.status,
      body: matched.status === 404 ? 'Not found' : 'Method not allowed',
    })
  const { headers, socket } = request
  const asked = { method, path: url.pathname, params: matched.params, query: url.searchParams, headers }
  answer(response, await matched.route.handler({ ...asked, isLoopback: isLoopback(socket.remoteAddress) }))
}

/** Connections that only idle make room long before the last one is taken. */
function limitConnections(server: Server, most: number): void {
  let open = 0
  server.maxConnections = most
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
    if (open > 0.75 * most) server.closeIdleConnections()
  })
}

/** Broken HTTP, or headers that never end. */
function refuseBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}

function listen(server: Server, { port, host }: IntakeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server, bodies: Bodies): Promise<void> {
  return new Promise((resolve) => {
    const hangUp = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearInterval(hangUp)
      bodies.close()
      resolve()
    })
  })
}
