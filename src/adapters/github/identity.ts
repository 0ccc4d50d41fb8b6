import { z } from 'zod'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import { userSchema } from './account.ts'
import type { AppKey } from './app-token.ts'
import type { BoundedMemory } from './bounded-memory.ts'
import { type Calls, openCalls } from './calls.ts'
import { type EtagMemory, openEtagMemory, type TaggedAnswer } from './etag-memory.ts'
import type { HeardAnswer } from './hearing.ts'
import type { HostClock } from './host-clock.ts'
import { openOctokits, type Requests } from './octokit-factory.ts'
import { inRepository, type Side } from './side.ts'
import type { StorageFetch } from './storage-fetch.ts'
import { openThrottle, type Throttle, type ThrottleState } from './throttle.ts'
import type { ThrottleSettings } from './throttle-settings.ts'

export interface IdentityOptions {
  /** `https://api.github.com`, or `https://<host>/api/v3`. */
  readonly baseUrl: string
  readonly send: typeof fetch
  readonly storage: StorageFetch
  readonly clock: HostClock
  readonly throttle: ThrottleSettings
  readonly lagMs: number
  readonly mostWaitMs: number
  readonly chance: () => number
  readonly heard: (answer: HeardAnswer) => void
  /** Answers of all installations. */
  readonly tagged: BoundedMemory<TaggedAnswer>
}

/** One GitHub App at work in all its installations. */
export interface Identity {
  readonly appId: number
  /** Calls as the app itself. */
  readonly app: Calls
  /** Calls of an installation that are about no repository. */
  installation(id: number): Calls
  /** @param isForeign  the number is another app's installation: this app's own is looked up by the repository */
  side(installation: number, repository: HostedRepository, isForeign: boolean): Side
  bot(via: Calls): Promise<Account>
  limits(): readonly (ThrottleState & { readonly installation: number })[]
}

const appSchema = z.object({ id: z.int().positive(), slug: z.string().min(1) })
const installationSchema = z.object({ id: z.int().positive() })

export function openIdentity(key: AppKey, options: IdentityOptions): Identity {
  const octokits = openOctokits(key, options)
  const places = new Map<number, { readonly throttle: Throttle; readonly etags: EtagMemory }>()
  const placeOf = (installation: number) => {
    const place = places.get(installation) ?? {
      throttle: openThrottle(options.clock, options.throttle),
      etags: openEtagMemory(options.tagged, `${key.appId}/${installation}`),
    }
    places.set(installation, place)
    return place
  }
  const callsOf = (installation: number, octokit: () => Promise<Requests>) =>
    openCalls({ ...options, ...placeOf(installation), octokit })
  const app = callsOf(0, octokits.app)
  const ownInstallation = remembered(async (repository: HostedRepository) => {
    const { id } = await app.get({
      operation: 'find our installation',
      route: 'GET /repos/{owner}/{repo}/installation',
      parameters: inRepository(repository),
      answer: installationSchema,
    })
    return id
  })
  const bot = remembered((via: Calls) => botAccount(app, via, key.appId))
  return {
    appId: key.appId,
    app,
    bot: (via) => bot('', via),
    installation: (id) => callsOf(id, () => octokits.installation(id)),
    side: (installation, repository, isForeign) => {
      const own = async () => (isForeign ? ownInstallation(`${repository.id}`, repository) : installation)
      const calls = callsOf(installation, async () => octokits.installation(await own()))
      return { calls, appId: key.appId, bot: () => bot('', calls), clock: options.clock, lagMs: options.lagMs }
    },
    limits: () => [...places].map(([installation, { throttle }]) => ({ installation, ...throttle.state() })),
  }
}

/** The account that an app writes as; only an installation may look accounts up. */
async function botAccount(app: Calls, via: Calls, appId: number): Promise<Account> {
  const { id, slug } = await app.get({
    operation: 'read our app',
    route: 'GET /app',
    parameters: {},
    answer: appSchema,
  })
  const operation = 'read our own account'
  if (id !== appId)
    throw new HostFailure(`${operation}: the key is of app ${id}, not ${appId}`, {
      operation,
      status: 200,
      retryable: false,
    })
  return via.get({
    operation,
    route: 'GET /users/{username}',
    parameters: { username: `${slug}[bot]` },
    answer: userSchema,
  })
}

/**
 * Keeps each answer. Two who ask at once both ask: whoever waited for another's request would stand still while that one
 * sleeps.
 */
function remembered<From, To>(ask: (from: From) => Promise<To>) {
  const known = new Map<string, To>()
  return async (key: string, from: From): Promise<To> => {
    const found = known.get(key) ?? (await ask(from))
    known.set(key, found)
    return found
  }
}
