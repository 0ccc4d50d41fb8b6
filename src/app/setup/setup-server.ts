import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WEBHOOK_PATH } from '../../intake/intake.ts'
import { answerFrom, type Route, type RouteAnswer } from '../../intake/route.ts'
import { APP_PERMISSIONS } from '../permissions.ts'
import { appManifest, CREATED, registrationUrl } from './app-manifest.ts'
import { type CreatedApp, convertManifest } from './convert-manifest.ts'
import { keepApp } from './keep-app.ts'
import { createdPage, failedPage, startPage } from './setup-pages.ts'
import type { ShippedApp } from './shipped-app.ts'

export interface SetupOptions {
  readonly app: ShippedApp
  readonly name: string
  /** Login of an organisation; null: the account of whoever is signed in. */
  readonly organization: string | null
  readonly publicUrl: string
  readonly webUrl: string
  readonly apiUrl: string
  /** Where the keys are kept; it is there. */
  readonly home: string
  readonly port: number
  readonly fetch?: typeof fetch
}

export interface Setup {
  /** What to open in a browser on this machine; nobody else can guess it. */
  readonly url: string
  /** Resolves when the app is registered and its keys are kept. */
  readonly created: Promise<Registered>
  close(): Promise<void>
}

interface Registered {
  readonly app: CreatedApp
  readonly envFile: string
}

/** One setup from its first page to the keys. */
interface Flow extends SetupOptions {
  readonly origin: string
  readonly startPath: string
  /** Goes to GitHub and comes back: a code that comes without it was not asked for here. */
  readonly state: string
  readonly tell: (registered: Registered) => void
}

/** Names of this machine; under any other, a page of somebody else could read ours. */
const LOCAL = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/
/** What a browser holds open without asking for anything would keep the command from ending. */
const CLOSES_WITHIN_MS = 1000

/**
 * Registers the app by GitHub's manifest flow: a page on this machine with one button, GitHub's own form, and back with
 * a code that is traded for the keys. Only this machine is listened to, and only whoever was told the address can begin;
 * a code counts only with the state that began here.
 *
 * @throws {NodeJS.ErrnoException} EADDRINUSE when the port is taken
 */
export async function openSetup(options: SetupOptions): Promise<Setup> {
  const { promise: created, resolve: tell } = Promise.withResolvers<Registered>()
  const [key, state] = [randomBytes(16).toString('base64url'), randomBytes(24).toString('base64url')]
  const startPath = `/setup/${key}`
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const flow = { ...options, origin: `http://127.0.0.1:${port}`, startPath, state, tell }
    void answered(flow, request)
      .catch((error: unknown) => htmlAnswer(500, failedPage(`It stopped: ${(error as Error).name}.`, null)))
      .then((answer) => send(response, answer, options.webUrl))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      setTimeout(() => server.closeAllConnections(), CLOSES_WITHIN_MS).unref()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${startPath}`, created, close }
}

async function answered(flow: Flow, { url, method = 'GET', headers }: IncomingMessage): Promise<RouteAnswer> {
  if (!LOCAL.test(headers.host ?? '')) return { status: 421, body: 'This page has no other name than localhost.\n' }
  const asked = URL.parse(url ?? '', flow.origin)
  const query = asked?.searchParams ?? new URLSearchParams()
  const request = { method, headers, path: asked?.pathname ?? '', query, isLoopback: true }
  return (await answerFrom(routesOf(flow), request)) ?? { status: 404, body: 'Not here\n' }
}

function routesOf(flow: Flow): readonly Route[] {
  return [
    { method: 'GET', path: flow.startPath, handler: () => htmlAnswer(200, start(flow)) },
    { method: 'GET', path: CREATED, handler: ({ query }) => finish(flow, query) },
  ]
}

function start({ app, name, organization, publicUrl, webUrl, origin, state }: Flow): string {
  return startPage({
    action: registrationUrl(webUrl, organization, state),
    manifest: appManifest(app, name, { publicUrl, setupUrl: origin }),
    webhookUrl: `${publicUrl}${WEBHOOK_PATH}`,
    asks: Object.entries(APP_PERMISSIONS).map(([name, [level, why]]) => `${name}: ${level} (${why})`),
  })
}

async function finish(flow: Flow, query: URLSearchParams): Promise<RouteAnswer> {
  const { startPath, apiUrl, home } = flow
  // whoever asks this may be anybody on the machine: the address of the first page is not for them
  if (query.get('state') !== flow.state) return htmlAnswer(400, failedPage('This page was not opened from here.', null))
  const conversion = await convertManifest(flow.fetch ?? fetch, apiUrl, query.get('code') ?? '')
  if (conversion.is === 'refused')
    return htmlAnswer(400, failedPage('GitHub did not take the code: it was used, or is too old.', startPath))
  if (conversion.is === 'unreachable')
    return htmlAnswer(502, failedPage(`${conversion.because}. Load this page again; the code holds for an hour.`, null))
  const { app } = conversion
  const envFile = kept(() => keepApp(home, app, flow))
  if (envFile === null)
    return htmlAnswer(
      500,
      failedPage(`The keys could not be written. Delete the app at ${app.html_url} again.`, startPath),
    )
  flow.tell({ app, envFile })
  return htmlAnswer(200, createdPage({ installUrl: `${app.html_url}/installations/new`, envFile }))
}

function kept(keep: () => string): string | null {
  try {
    return keep()
  } catch {
    return null
  }
}

function htmlAnswer(status: number, body: string): RouteAnswer {
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } }
}

/**
 * Nothing is loaded from anywhere. The form goes to GitHub, and from there perhaps to a company's sign-in: Chrome holds
 * each redirect of a form to this list too.
 */
function send(response: ServerResponse, { status, body, headers = {} }: RouteAnswer, webUrl: string): void {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action ${webUrl} https:`
  response.writeHead(status, {
    ...headers,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(body)
}
