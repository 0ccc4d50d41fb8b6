import { identify } from '../api/authentication.ts'
import type { WorldRequest, WorldResponse } from '../api/world-request.ts'
import { type GitHub, Refusal } from '../github-state.ts'
import type { WorldAccount } from '../state/people.ts'
import { htmlPage } from './html-page.ts'
import { chooseRepositories, installFromForm } from './installation-pages.ts'
import { offerManifest, registerFromForm } from './manifest-pages.ts'
import type { PageHandler } from './page-call.ts'

const PAGES: readonly { readonly method: string; readonly path: RegExp; readonly handler: PageHandler }[] = [
  { method: 'POST', path: /^(?:\/organizations\/([^/]+))?\/settings\/apps\/new$/, handler: offerManifest },
  { method: 'POST', path: /^(?:\/organizations\/([^/]+))?\/settings\/apps$/, handler: registerFromForm },
  { method: 'GET', path: /^\/apps\/([^/]+)\/installations\/new$/, handler: chooseRepositories },
  { method: 'POST', path: /^\/apps\/([^/]+)\/installations$/, handler: installFromForm },
]

/** Cookie of whoever is signed in; in this world it holds a token of that person. */
const SESSION = 'user_session'

/** What the site of GitHub answers a browser; null for everything that is none of its few pages. */
export async function webPage(github: GitHub, url: URL, request: WorldRequest): Promise<WorldResponse | null> {
  if (url.origin !== new URL(github.state.settings.htmlUrl).origin) return null
  const page = PAGES.find(({ method, path }) => method === request.method && path.test(url.pathname))
  if (page === undefined) return null
  try {
    const user = signedIn(github, request.headers.cookie ?? '')
    if (user === null) return toSignIn(github, url)
    const named = page.path.exec(url.pathname)?.[1]
    return await page.handler({
      github,
      user,
      named: named === undefined ? null : decodeURIComponent(named),
      query: url.searchParams,
      form: new URLSearchParams(request.body.toString('utf8')),
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return htmlPage(error.status, error.status === 404 ? 'Page not found' : 'It could not be done', [error.message])
  }
}

function signedIn(github: GitHub, cookies: string): WorldAccount | null {
  const token = new RegExp(`(?:^|; )${SESSION}=([^;]+)`).exec(cookies)?.[1]
  if (token === undefined) return null
  const actor = identify(github, `token ${token}`)
  return actor.kind === 'user' ? actor.account : null
}

/** What was sent is lost on the way, as it is there. */
function toSignIn({ state }: GitHub, url: URL): WorldResponse {
  const back = encodeURIComponent(`${state.settings.htmlUrl}${url.pathname}`)
  const location = `${state.settings.htmlUrl}/login?return_to=${back}`
  return { status: 302, headers: { location }, body: Buffer.alloc(0) }
}
