/** What a page is asked, apart from the socket. */
export interface PageRequest {
  readonly method: string
  /** Decoded by nobody: as it stood in the request line, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** The connection comes from this machine itself. */
  readonly isLoopback: boolean
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface PageAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** No script, no frame, no request to anywhere; reports bring their style and drawings along. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** A page of HTML, or a short text. */
export function page(status: number, body: string | Uint8Array, kind: 'html' | 'plain' = 'html'): PageAnswer {
  return { status, headers: { ...HEADERS, 'content-type': `text/${kind}; charset=utf-8` }, body }
}

/** The one answer to everything that is not there, or not for this reader: nobody can tell which. */
export function notHere(): PageAnswer {
  return page(404, 'not here\n', 'plain')
}

/** Sends the browser elsewhere; a cookie rides along. */
export function redirect(location: string, cookie: string): PageAnswer {
  return { status: 302, headers: { ...HEADERS, location, 'set-cookie': cookie }, body: '' }
}
