import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { renderIndex } from '../report/html-index.ts'
import { identify } from '../world/github/api/authentication.ts'
import { gitOverHttp } from '../world/github/git-http.ts'
import { serveGitHub } from '../world/github/http-server.ts'
import { filePage } from './file-page.ts'
import { indexEntries, type PullPlace, pullPage } from './pull-page.ts'

/** One address of this machine for GitHub's API, Git, and pages. */
export interface DemoSite {
  readonly url: string
  close(): Promise<void>
}

export interface DemoSiteOptions extends PullPlace {
  /** 0 takes any free port. */
  readonly port: number
  /** The app's own pages; undefined before it runs. */
  readonly pages: (request: Parameters<App['answer']>[0]) => ReturnType<App['answer']> | undefined
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/
const FOREIGN: Answer = { status: 421, body: 'This is a demo on localhost, and has no other name.\n' }

/**
 * Serves the emulated GitHub, and what it has no API for: an index, a page for each pull request, files, reports.
 *
 * @throws {NodeJS.ErrnoException} when the port is taken
 */
export async function openDemoSite(options: DemoSiteOptions): Promise<DemoSite> {
  const github = options.world.github.running
  const git = gitOverHttp(github, identify)
  const server = await serveGitHub(github, {
    port: options.port,
    others: async (request, response) => {
      const page = await pageFor(options, request)
      if (page === null) return git(request, response)
      write(response, page)
      return true
    },
  })
  const url = `http://localhost:${server.port}`
  Object.assign(github.state.settings, { apiUrl: url, htmlUrl: url })
  return { url, close: server.close }
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, ...headers })
  response.end(body)
}

/** Null: it is for Git or the API. A page elsewhere that points its own name at this machine gets nothing. */
async function pageFor(options: DemoSiteOptions, { method, url = '/', headers }: IncomingMessage) {
  if (!LOCAL.test(headers.host ?? '')) return FOREIGN
  if (method !== 'GET') return null
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (pathname.startsWith('/reports/'))
    return (await options.pages({ method, path: pathname, query: searchParams, headers, isLoopback: true })) ?? null
  const html = await ownPage(options, pathname)
  return html === null ? null : { status: 200, body: html }
}

async function ownPage(options: DemoSiteOptions, path: string): Promise<string | null> {
  const { repository } = options
  const home = `/${repository.fullName}`
  if (path === '/' || path === home) return renderIndex(indexEntries(options))
  if (!path.startsWith(`${home}/`)) return null
  const [, kind, at = '', ...rest] = path.slice(home.length).split('/').map(decoded)
  const pull = kind === 'pull' ? repository.pulls.find(({ number }) => String(number) === at) : undefined
  if (pull !== undefined) return pullPage(options, pull)
  return kind === 'blob' ? filePage(repository, rest.join('/'), at) : null
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
