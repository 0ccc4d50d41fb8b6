import { HostFailure } from '../../ports/host-failure.ts'
import { NoAnswer } from './same-host-fetch.ts'

/** One entry of GraphQL's `errors`. */
export interface GraphqlError {
  readonly type: string | null
  readonly message: string
  readonly path: readonly (string | number)[]
  /** GitHub refused the document itself: it cannot have had an effect. */
  readonly isOfDocument: boolean
}

/** A GraphQL answer with `errors`; what of it may be believed, only the caller can say. */
export class GraphqlFailure extends HostFailure {
  readonly errors: readonly GraphqlError[]
  readonly partial: unknown
  constructor(operation: string, errors: readonly GraphqlError[], partial: unknown, isWrite: boolean) {
    const said = errors.map(({ type, message }) => `${type ?? 'error'}: ${oneLine(message)}`).join('; ')
    const isBusy = errors.some(({ type, isOfDocument }) => type === null && !isOfDocument)
    super(`${operation}: GitHub answered with errors (${said})`, {
      operation,
      status: 200,
      retryable: isBusy || isTooMuch(errors),
      isAmbiguous: isWrite && isBusy,
    })
    this.errors = errors
    this.partial = partial
  }
}

/** The query asked for more than GitHub works out at once: the same, smaller, may be answered. */
export function isTooMuch(errors: readonly GraphqlError[]): boolean {
  return errors.some(({ type }) => type === 'RESOURCE_LIMITS_EXCEEDED' || type === 'MAX_NODE_LIMIT_EXCEEDED')
}

/** An answer that is not whole, or not what GitHub's schema promises. Trying again may help, believing it never does. */
export function unreachable(operation: string, because: string, isAmbiguous = false): HostFailure {
  return new HostFailure(`${operation}: ${because}`, { operation, status: 200, retryable: true, isAmbiguous })
}

/** What GitHub refused for good, in its words. */
export function refused(operation: string, status: number, because: string): HostFailure {
  return new HostFailure(`${operation}: ${because}`, { operation, status, retryable: false })
}

interface RequestErrorLike {
  readonly status?: number
  readonly message: string
  readonly cause?: unknown
  readonly response?: {
    readonly headers: Readonly<Record<string, string | undefined>>
    readonly data?: { readonly message?: unknown } | string
  }
}

/**
 * An error of octokit in our words. Its own text, cause and request are left behind: they hold bodies and headers.
 *
 * @param now  ms since 1970, against which a reset time is told
 */
export function hostFailure(operation: string, error: unknown, isWrite: boolean, now: number): HostFailure {
  if (error instanceof HostFailure) return error
  const { status = 0, response, cause, message } = error as RequestErrorLike
  if (response === undefined) return noAnswer(operation, cause ?? message, isWrite)
  const retryAfterS = waitAsked(status, response, now)
  const said = typeof response.data === 'object' ? response.data?.message : undefined
  return new HostFailure(`${operation}: GitHub answered ${status} ${oneLine(String(said ?? ''))}`.trim(), {
    operation,
    status,
    retryable: status >= 500 || status === 408 || retryAfterS !== null,
    isAmbiguous: isWrite && status >= 500,
    retryAfterS,
  })
}

function noAnswer(operation: string, cause: unknown, isWrite: boolean): HostFailure {
  const wasSent = cause instanceof NoAnswer ? cause.wasSent : true
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HostFailure(`${operation}: no answer from GitHub (${oneLine(why)})`, {
    operation,
    status: 0,
    retryable: true,
    isAmbiguous: isWrite && wasSent,
  })
}

/** Seconds that a refusal asks us to wait, or null when it is no matter of limits. */
function waitAsked(status: number, response: NonNullable<RequestErrorLike['response']>, now: number): number | null {
  if (status !== 403 && status !== 429) return null
  const { headers, data } = response
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(after) && after >= 0) return after
  if (headers['x-ratelimit-remaining'] === '0')
    return Math.max(1, Math.ceil(Number(headers['x-ratelimit-reset']) - now / 1000) || 60)
  const said = typeof data === 'object' ? String(data?.message ?? '') : ''
  return status === 429 || /secondary rate limit|abuse detection/i.test(said) ? 60 : null
}

/** At most 200 characters, none of which starts a line or moves what people see. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200)
}
