import { createHash, timingSafeEqual } from 'node:crypto'
import type { Inbox } from '../ports/inbox.ts'
import type { Route, RouteRequest } from './route.ts'

const MOST_SKEW_S = 60
const ASKED_AGAIN_MS = 1000

/** Whether the process lives. Says nothing else: no version, no detail. */
export function healthRoute(): Route {
  return { method: 'GET', path: '/healthz', handler: () => ({ status: 200, body: 'ok' }) }
}

export interface Readiness {
  readonly inbox: Inbox
  readonly now: () => Date
  /** Seconds that this machine's clock is ahead of GitHub's `Date`; null before the first answer of GitHub. */
  readonly clockSkewS: () => number | null
}

/**
 * Whether deliveries may come: the inbox takes writes, and the clock, which decides freezes, is GitHub's within a minute.
 * The age of the oldest waiting job is told and refuses nothing: a long queue is no reason to lose events too.
 */
export function readyRoute(readiness: Readiness): Route {
  let last = { askedMs: Number.NEGATIVE_INFINITY, status: 503, body: '' }
  const handler = () => {
    const askedMs = performance.now()
    if (askedMs - last.askedMs > ASKED_AGAIN_MS) last = { askedMs, ...readyAnswer(readiness) }
    return { status: last.status, body: last.body, headers: { 'content-type': 'application/json' } }
  }
  return { method: 'GET', path: '/readyz', handler }
}

function readyAnswer({ inbox, now, clockSkewS }: Readiness) {
  const isWritable = tried(() => inbox.setMark('ready', now().toISOString()))
  const skew = clockSkewS()
  const isOnTime = skew === null || Math.abs(skew) <= MOST_SKEW_S
  const oldest = isWritable ? inbox.counts().oldestWaiting : null
  const oldestJobS = oldest === null ? 0 : Math.max(0, Math.round((now().getTime() - Date.parse(oldest)) / 1000))
  const body = JSON.stringify({ inbox: isWritable, clock: isOnTime, oldest_job_s: oldestJobS })
  return { status: isWritable && isOnTime ? 200 : 503, body }
}

export interface MetricsDoor {
  /** The page that Prometheus reads. */
  readonly text: () => Promise<string>
  readonly contentType: string
  /** Whoever brings it may read; without one only this machine may. */
  readonly token?: string | undefined
}

/** Figures name no person, but queue and repositories are nobody else's business. */
export function metricsRoute({ text, contentType, token }: MetricsDoor): Route {
  const handler = async (request: RouteRequest) =>
    mayRead(request, token)
      ? { status: 200, body: await text(), headers: { 'content-type': contentType } }
      : { status: token === undefined ? 404 : 401, body: 'Not for you' }
  return { method: 'GET', path: '/metrics', handler }
}

/** A proxy on this machine connects from loopback too: what it forwards is not from here. */
function mayRead({ headers, isLoopback }: RouteRequest, token: string | undefined): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  if (token === undefined || token === '') return isLoopback && !isForwarded
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function tried(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
