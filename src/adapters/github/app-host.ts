import { z } from 'zod'
import type { AppHost, DeliveryRecord, GitHost } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { AppKey } from './app-token.ts'
import { openBoundedMemory } from './bounded-memory.ts'
import type { TaggedAnswer } from './etag-memory.ts'
import { openGitHost } from './github-host.ts'
import type { HeardAnswer } from './hearing.ts'
import { type HostClock, machineClock } from './host-clock.ts'
import { type Identity, openIdentity } from './identity.ts'
import { sameHostFetch } from './same-host-fetch.ts'
import { storageFetch } from './storage-fetch.ts'
import type { ThrottleState } from './throttle.ts'
import { githubLimits, type ThrottleSettings } from './throttle-settings.ts'

export interface AppHostOptions {
  readonly weigher: AppKey
  /** The app that may bypass rules, for rollbacks alone; null where none is configured. */
  readonly mover: AppKey | null
  /** Default `https://api.github.com`; `https://<host>/api/v3` on GitHub Enterprise Server. */
  readonly baseUrl?: string
  readonly fetch?: typeof fetch
  readonly clock?: HostClock
  readonly throttle?: Partial<ThrottleSettings>
  /** How long a list may not show yet what was created; default 10 s. */
  readonly lagMs?: number
  /** Longest that one request may take; default 30 s. */
  readonly timeoutMs?: number
  /** Longest wait for a limit before the work is given back; default 60 s. */
  readonly mostWaitMs?: number
  /** Bytes of repository contents that are remembered; default 64 MB. */
  readonly memoryBytes?: number
  /** 0 to 1, for jitter. */
  readonly chance?: () => number
  /** Told of every answer, for figures. */
  readonly heard?: (answer: HeardAnswer) => void
}

/** The app's host with its limits, for /metrics. */
export type GitHubAppHost = AppHost & {
  limits(): readonly (ThrottleState & { readonly identity: 'weigher' | 'mover'; readonly installation: number })[]
}

const MOST_PAGES = 100
const TAGGED_BYTES = 32 * 2 ** 20

/** Opens GitHub for both identities. Nothing is sent before the first call. */
export function openAppHost(options: AppHostOptions): GitHubAppHost {
  const baseUrl = (options.baseUrl ?? 'https://api.github.com').replace(/\/+$/, '')
  const shared = openBoundedMemory<unknown>(options.memoryBytes ?? 64 * 2 ** 20)
  const timeoutMs = options.timeoutMs ?? 30_000
  const identityOptions = {
    baseUrl,
    send: sameHostFetch(options.fetch ?? fetch, baseUrl, timeoutMs),
    storage: storageFetch(options.fetch ?? fetch, baseUrl, timeoutMs),
    clock: options.clock ?? machineClock,
    throttle: { ...githubLimits, ...options.throttle },
    lagMs: options.lagMs ?? 10_000,
    mostWaitMs: options.mostWaitMs ?? 60_000,
    chance: options.chance ?? Math.random,
    heard: options.heard ?? (() => undefined),
    tagged: openBoundedMemory<TaggedAnswer>(TAGGED_BYTES),
  }
  const weigher = openIdentity(options.weigher, identityOptions)
  const isOne = options.mover?.appId === options.weigher.appId
  const mover = options.mover === null ? null : isOne ? weigher : openIdentity(options.mover, identityOptions)
  const repositories = (installation: number) => () => repositoriesOf(weigher, installation)
  const host = (identity: Identity, installation: number): GitHost =>
    openGitHost({
      shared,
      repositories: repositories(installation),
      side: (repository) => {
        if (repository.installation !== installation)
          throw new TypeError(`${repository.owner}/${repository.name} belongs to another installation`)
        return identity.side(installation, repository, identity !== weigher)
      },
    })
  return {
    installations: () => installationsOf(weigher),
    deliveries: (since) => deliveriesOf(weigher, since),
    redeliver: (id) => redeliver(weigher, id),
    identity: () => identityOf(weigher),
    weigher: (installation) => host(weigher, installation),
    mover: (installation) => (mover === null ? null : host(mover, installation)),
    limits: () => [
      ...weigher.limits().map((state) => ({ identity: 'weigher' as const, ...state })),
      ...(mover === null || isOne ? [] : mover.limits().map((state) => ({ identity: 'mover' as const, ...state }))),
    ],
  }
}

const installationSchema = z.object({ id: z.int().positive(), suspended_at: z.string().nullable() })

async function installationsOf({ app }: Identity) {
  const route = 'GET /app/installations'
  const answer = z.array(installationSchema)
  const all = await app.pages({ operation: 'list the installations', route, parameters: {}, answer }, MOST_PAGES)
  return all.map(({ id, suspended_at }) => ({ id, isSuspended: suspended_at !== null }))
}

/** The app's own account is looked up through any installation that is not suspended. */
async function identityOf(identity: Identity) {
  const first = (await installationsOf(identity)).find(({ isSuspended }) => !isSuspended)
  if (first === undefined) {
    const operation = 'read our own account'
    const because = 'the app is installed nowhere yet'
    throw new HostFailure(`${operation}: ${because}`, { operation, status: 404, retryable: true })
  }
  return { appId: identity.appId, bot: await identity.bot(identity.installation(first.id)) }
}

const repositoriesSchema = z.object({
  total_count: z.int(),
  repositories: z.array(z.object({ id: z.int().positive(), name: z.string(), owner: z.object({ login: z.string() }) })),
})

async function repositoriesOf(identity: Identity, installation: number) {
  const calls = identity.installation(installation)
  const found: z.infer<typeof repositoriesSchema>['repositories'][number][] = []
  for (let page = 1; ; page++) {
    const { data, next } = await calls.page({
      operation: 'list the repositories',
      route: 'GET /installation/repositories',
      parameters: { per_page: 100, page },
      answer: repositoriesSchema,
    })
    found.push(...data.repositories)
    if (next === null) break
  }
  return found.map(({ id, name, owner }) => ({ id, name, owner: owner.login, installation }))
}

const deliverySchema = z
  .object({
    id: z.union([z.int().positive(), z.bigint()]),
    guid: z.string(),
    delivered_at: z.string(),
    redelivery: z.boolean(),
    status_code: z.int(),
    event: z.string(),
  })
  .transform(
    ({ delivered_at, redelivery, status_code, ...delivery }): DeliveryRecord => ({
      ...delivery,
      deliveredAt: delivered_at,
      isRedelivery: redelivery,
      statusCode: status_code,
    }),
  )

/** Newest first, until one is older than `since` or the list ends. */
async function deliveriesOf({ app }: Identity, since: string): Promise<readonly DeliveryRecord[]> {
  const found: DeliveryRecord[] = []
  let cursor: Record<string, unknown> = {}
  const isOld = ({ deliveredAt }: DeliveryRecord) => Date.parse(deliveredAt) < Date.parse(since)
  for (;;) {
    const { data, next } = await app.page({
      operation: 'list the deliveries',
      route: 'GET /app/hook/deliveries',
      parameters: { per_page: 100, ...cursor },
      answer: z.array(deliverySchema),
    })
    found.push(...data.filter((delivery) => !isOld(delivery)))
    if (next === null || data.some(isOld)) return found
    cursor = Object.fromEntries(new URL(next).searchParams)
  }
}

async function redeliver({ app }: Identity, id: DeliveryRecord['id']): Promise<void> {
  await app.send(
    {
      operation: 'ask for a delivery again',
      route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
      parameters: { delivery_id: `${id}` },
      answer: z.unknown(),
    },
    true,
  )
}
