import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { apiSession } from './api-session.ts'

export type Resource = 'core' | 'graphql'

const HOUR_MS = 3_600_000

export interface Budget {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Seconds since 1970. */
  readonly reset: number
  readonly resource: Resource
}

/** What an actor has left of the hour; nothing is spent by asking. */
export function budgetOf(github: GitHub, actor: Actor, resource: Resource): Budget {
  const session = apiSession(github)
  const limit = actor.kind === 'anonymous' ? session.limits.anonymous : session.limits[resource]
  const { used, resetAt } = hourOf(github, actor, resource)
  return { limit, used, remaining: Math.max(limit - used, 0), reset: Math.ceil(resetAt / 1000), resource }
}

/** Spends one call. A refused call is spent too. */
export function spend(github: GitHub, actor: Actor, resource: Resource, cost = 1): void {
  const hour = hourOf(github, actor, resource)
  apiSession(github).spent.set(keyOf(actor, resource), { used: hour.used + cost, resetAt: hour.resetAt })
}

/** @throws {Refusal} 403 when the hour is spent */
export function mustHaveBudget(github: GitHub, actor: Actor, resource: Resource): void {
  if (budgetOf(github, actor, resource).remaining > 0) return
  throw new Refusal(403, `API rate limit exceeded for ${whose(actor)}.`, { type: 'RATE_LIMITED' })
}

export function rateHeaders(budget: Budget): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(budget.remaining),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(budget.reset),
    'x-ratelimit-resource': budget.resource,
  }
}

function hourOf(github: GitHub, actor: Actor, resource: Resource): { readonly used: number; readonly resetAt: number } {
  const now = github.clock.now()
  const known = apiSession(github).spent.get(keyOf(actor, resource))
  return known !== undefined && known.resetAt > now ? known : { used: 0, resetAt: now + HOUR_MS }
}

function keyOf(actor: Actor, resource: Resource): string {
  return `${whose(actor)} ${resource}`
}

function whose(actor: Actor): string {
  if (actor.kind === 'installation') return `installation ID ${actor.installation}`
  if (actor.kind === 'app') return `app ID ${actor.app.id}`
  return actor.kind === 'user' ? `user ID ${actor.account.id}` : 'your address'
}
