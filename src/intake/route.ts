import type { IncomingHttpHeaders } from 'node:http'

export interface RouteRequest {
  readonly method: string
  readonly path: string
  /** Parts of the path named by the pattern, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The connection comes from this machine itself. */
  readonly isLoopback: boolean
}

export interface RouteAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Something that the server answers besides deliveries. A handler for GET answers HEAD too. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** `/pulls/:owner/:name/:number`; a name takes one whole segment. */
  readonly path: string
  readonly handler: (request: RouteRequest) => RouteAnswer | Promise<RouteAnswer>
}

export type Matched =
  | { readonly is: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly is: 'nothing'; readonly status: 404 | 405 }

/** The first route of a table that a method and a path match. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Matched {
  let status: 404 | 405 = 404
  for (const route of routes) {
    const params = paramsOf(route.path, path)
    if (params === null) continue
    if (route.method === method || (route.method === 'GET' && method === 'HEAD')) return { is: 'route', route, params }
    status = 405
  }
  return { is: 'nothing', status }
}

/** What a table answers to a request without a socket; null where it has nothing. */
export async function answerFrom(
  routes: readonly Route[],
  request: Omit<RouteRequest, 'params'>,
): Promise<RouteAnswer | null> {
  const matched = matchRoute(routes, request.method, request.path)
  return matched.is === 'nothing' ? null : matched.route.handler({ ...request, params: matched.params })
}

function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, found] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== found.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = decoded(found[index] ?? '')
    if (value === null) return null
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = value
    else if (part !== value) return null
  }
  return params
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
