import type { Effect } from './fault.ts'

/** An answer instead of the real one; null for effects that are no answers. */
export function answerInstead(effect: Effect, now: number): Response | null {
  switch (effect.kind) {
    case 'status':
      return json(effect.status, { message: 'Server Error' })
    case 'limited':
      return json(
        effect.status,
        { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
        { 'retry-after': String(effect.retryAfterS) },
      )
    case 'exhausted':
      return json(403, { message: 'API rate limit exceeded.' }, spent(now, effect.resetInS))
    case 'resource-limits':
      return json(200, {
        data: null,
        errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits for this query exceeded.' }],
      })
    default:
      return null
  }
}

/** The real answer with something missing from it. */
export async function answerChanged(effect: Effect, answer: Response): Promise<Response> {
  if (effect.kind !== 'truncated' && effect.kind !== 'null-mergeability') return answer
  const change = effect.kind === 'truncated' ? withTruncation : withoutMergeability
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !/^(content-length|etag)$/.test(name)))
  return json(answer.status, JSON.parse(await answer.text(), change), headers)
}

function withoutMergeability(name: string, value: unknown): unknown {
  if (name === 'mergeable') return typeof value === 'string' ? 'UNKNOWN' : null
  return name === 'mergeStateStatus' ? 'UNKNOWN' : name === 'mergeable_state' ? 'unknown' : value
}

/** A blob that says whether it was cut off now says yes, and its text is half. */
function withTruncation(_name: string, value: unknown): unknown {
  const blob = value as { readonly text?: unknown; readonly isTruncated?: unknown } | null
  if (typeof blob !== 'object' || blob === null || blob.isTruncated !== false) return value
  const text = typeof blob.text === 'string' ? blob.text.slice(0, Math.floor(blob.text.length / 2)) : blob.text
  return { ...blob, isTruncated: true, text }
}

function spent(now: number, resetInS: number): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(now / 1000) + resetInS),
  }
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } })
}
