import { HostFailure } from '../../ports/host-failure.ts'
import { oneLine, unreachable } from './failures.ts'

/** Fetches from where GitHub keeps logs and archives, by an address that GitHub signed; never with our token. */
export type StorageFetch = (
  operation: string,
  location: string,
  headers?: Readonly<Record<string, string>>,
) => Promise<Response>

/** Where github.com keeps them, as its page on reaching GitHub from runners names it. */
const HOSTS = /^[\w.-]+\.(blob\.core\.windows\.net|githubusercontent\.com)$/

/**
 * Follows one redirect of the API to its storage.
 *
 * From github.com it leads, by TLS, only to GitHub's own storage. An Enterprise Server keeps such things where its
 * administrator says; a server that is reached by TLS is never left for a host that is not.
 *
 * @param timeoutMs  until the last byte is there
 */
export function storageFetch(send: typeof fetch, baseUrl: string, timeoutMs: number): StorageFetch {
  const api = new URL(baseUrl)
  const isPublic = api.hostname === 'api.github.com' || api.hostname.endsWith('.ghe.com')
  const mayFollow = ({ protocol, hostname, username }: URL) =>
    username === '' &&
    (protocol === 'https:' || (protocol === 'http:' && api.protocol === 'http:')) &&
    (!isPublic || HOSTS.test(hostname))
  return async (operation, location, headers = {}) => {
    const url = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : null
    if (url === null || !mayFollow(url)) throw elsewhere(operation, url)
    const answer = await send(url.href, {
      headers: { ...headers, 'accept-encoding': 'identity' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      throw unreachable(operation, `no answer from where GitHub keeps it (${oneLine(String(error))})`)
    })
    if (answer.status === 200 || answer.status === 206) return answer
    await answer.body?.cancel()
    throw refusedBy(operation, answer.status)
  }
}

function elsewhere(operation: string, url: URL | null): HostFailure {
  const where = url === null ? 'nowhere' : url.origin
  return new HostFailure(`${operation}: GitHub points to ${where}: nothing is asked there`, {
    operation,
    status: 302,
    retryable: false,
  })
}

/** A signature that ran out is refused too: asking GitHub again brings a new one. */
function refusedBy(operation: string, status: number): HostFailure {
  return new HostFailure(`${operation}: where GitHub keeps it, the answer was ${status}`, {
    operation,
    status,
    retryable: [401, 403, 408, 429].includes(status) || status >= 500,
  })
}
