/** What went wrong before GitHub's answer could be read; `wasSent` says whether the request may have had its effect. */
export class NoAnswer extends Error {
  readonly wasSent: boolean
  constructor(message: string, wasSent: boolean, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NoAnswer'
    this.wasSent = wasSent
  }
}

const MOST_HOPS = 3
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+)$/

/**
 * `fetch` that stays on one host: a token goes nowhere else, whatever an answer says.
 *
 * A renamed repository answers with a redirect on the same host; that one is followed, method and body kept. Any other
 * redirect is no answer, but for whoever asks with `redirect: 'manual'` where something was found elsewhere (302): he is
 * told, and nothing is sent there.
 *
 * @param timeoutMs  of one request, until its headers are there
 */
export function sameHostFetch(send: typeof fetch, baseUrl: string, timeoutMs: number): typeof fetch {
  const home = new URL(baseUrl).origin
  return async (input, init) => {
    let url = new URL(String(input instanceof Request ? input.url : input))
    for (let hop = 0; hop <= MOST_HOPS; hop++) {
      if (url.origin !== home) throw new NoAnswer(`${url.origin} is not ${home}: nothing is sent there`, false)
      const answer = await sendOnce(send, url, init, timeoutMs)
      const location = answer.headers.get('location')
      if (![301, 302, 307, 308].includes(answer.status) || location === null) return answer
      if (answer.status === 302 && init?.redirect === 'manual') return answer
      url = new URL(location, url)
    }
    throw new NoAnswer(`more than ${MOST_HOPS} redirects`, false)
  }
}

async function sendOnce(
  send: typeof fetch,
  url: URL,
  init: RequestInit | undefined,
  timeoutMs: number,
): Promise<Response> {
  try {
    return await send(url.href, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    const { code = '', message } = innermost(cause)
    throw new NoAnswer(code || message, !NOT_SENT.test(code), { cause })
  }
}

function innermost(error: unknown): { readonly code?: string; readonly message: string } {
  if (error instanceof Error && error.cause instanceof Error) return innermost(error.cause)
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return { message: String(message ?? error), ...(typeof code === 'string' && { code }) }
}
