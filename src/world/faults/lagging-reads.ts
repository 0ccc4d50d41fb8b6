import type { WorldClock } from '../clock.ts'
import { isMutation } from './call-address.ts'

/** The world as it was: a `fetch` that answers from then, or null when nothing has changed since. */
export interface History {
  asOf(moment: number): typeof fetch | null
}

/**
 * Lets lists and queries answer as they would have a while ago, as GitHub's replicas do.
 *
 * What is asked for by SHA never changes, so it never lags; writes never do.
 */
export function laggingReads(
  inner: typeof fetch,
  { clock, lagMs, history }: { readonly clock: WorldClock; readonly lagMs: number; readonly history: History },
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const past = lagMs > 0 && (await lags(request)) ? history.asOf(clock.now() - lagMs) : null
    return (past ?? inner)(request)
  }
}

async function lags(request: Request): Promise<boolean> {
  const { pathname } = new URL(request.url)
  if (/\/graphql$/.test(pathname)) return !isMutation(await request.clone().text())
  return request.method === 'GET' && !pathname.startsWith('/app') && !isImmutable(request.url)
}

const SHA = '[0-9a-f]{40}'
const BY_SHA = new RegExp(
  `/git/(blobs|trees|commits|tags)/${SHA}|/commits/${SHA}([?]|$)|/compare/${SHA}[.]{3}${SHA}|/contents/.*[?&]ref=${SHA}`,
)

/** Git objects never change; checks, statuses and pull requests of a commit do. */
function isImmutable(url: string): boolean {
  return BY_SHA.test(url)
}
