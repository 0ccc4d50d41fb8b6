import { createHmac, timingSafeEqual } from 'node:crypto'
import type { GitHub } from '../github-state.ts'
import type { RestAnswer } from './rest-call.ts'

/** Where archives and logs lie; whoever has the address may read, for a minute. */
const PREFIX = '/_downloads/'
const MINUTE_MS = 60_000
const STORAGE = 'https://productionresultssa0.blob.core.windows.net'

export type DownloadKind = 'artifacts' | 'logs'

/** A redirect to an address that needs no token and does not hold for long. */
export function redirectTo(github: GitHub, kind: DownloadKind, id: number): RestAnswer {
  const until = github.clock.now() + MINUTE_MS
  const path = `${PREFIX}${kind}/${id}`
  const sig = markOf(github, `${path} ${until}`)
  return { status: 302, headers: { location: `${originOf(github)}${path}?se=${until}&sig=${sig}` } }
}

/**
 * What lies at such an address; null for any other address.
 *
 * @param authorization  a token that comes along is refused: the address is all that is asked for
 */
export function download(github: GitHub, url: URL, authorization: string | undefined): RestAnswer | null {
  if (!url.pathname.startsWith(PREFIX)) return null
  if (url.origin === STORAGE && authorization !== undefined)
    return { status: 400, body: { message: 'Authentication information is not given in the correct format.' } }
  const until = Number(url.searchParams.get('se'))
  const isOurs = isSame(url.searchParams.get('sig') ?? '', markOf(github, `${url.pathname} ${until}`))
  if (!isOurs || until < github.clock.now())
    return { status: 403, body: { message: 'Server failed to authenticate the request.' } }
  const [kind, id] = url.pathname.slice(PREFIX.length).split('/')
  const body = kind === 'artifacts' ? github.state.artifacts.get(Number(id))?.archive : logOf(github, Number(id))
  return body === undefined
    ? { status: 404, body: { message: 'Not Found' } }
    : { status: 200, body, headers: { 'content-type': TYPES[kind as DownloadKind] } }
}

const TYPES: Readonly<Record<DownloadKind, string>> = {
  artifacts: 'application/zip',
  logs: 'text/plain; charset=utf-8',
}

function logOf({ state }: GitHub, job: number): Buffer | undefined {
  const found = state.jobs.get(job)
  return found === undefined ? undefined : Buffer.from(found.log)
}

/** An Enterprise Server keeps them itself, and not below its API; github.com keeps them on hosts of another owner. */
function originOf({ state }: GitHub): string {
  const { origin } = new URL(state.settings.apiUrl)
  return origin === 'https://api.github.com' ? STORAGE : origin
}

function markOf({ state }: GitHub, text: string): string {
  return createHmac('sha256', state.signingKey).update(`download ${text}`).digest('hex')
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
