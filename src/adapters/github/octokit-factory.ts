import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { Probot, ProbotOctokit } from 'probot'
import { type AppKey, openAppTokens } from './app-token.ts'
import type { HostClock } from './host-clock.ts'

/** All that we use of an octokit. */
export interface Requests {
  request(route: string, parameters: Record<string, unknown>): Promise<RawAnswer>
}

export interface RawAnswer {
  readonly status: number
  readonly data: unknown
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

export interface OctokitFactory {
  /** As the app itself. */
  app(): Promise<Requests>
  installation(id: number): Promise<Requests>
}

/** How octokit asks a strategy to sign requests. */
type Send = (options: Signable) => Promise<RawAnswer>
type Signable = { readonly url: string; readonly headers: Record<string, string> }
type Request = Send & {
  (route: string, parameters: object): Promise<RawAnswer>
  readonly endpoint: { merge(route: string | object, parameters?: object): Signable }
}
interface StrategyOptions {
  readonly installationId?: number
  readonly octokit: object
  readonly octokitOptions: object
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/**
 * Octokits by way of Probot, for one app.
 *
 * Probot's own pacing, its retries, its tokens (which live by the machine's clock) and its log of request bodies are
 * replaced; its web server and webhooks are never started, and their secret is one that nobody knows.
 */
export function openOctokits(
  key: AppKey,
  { baseUrl, send, clock }: { readonly baseUrl: string; readonly send: typeof fetch; readonly clock: HostClock },
): OctokitFactory {
  const authStrategy = strategyFor(key, clock)
  class PlainOctokit extends ProbotOctokit {
    constructor(options: Record<string, unknown> = {}) {
      super({ ...options, log: silent, authStrategy, throttle: { enabled: false }, retry: { enabled: false } })
    }
  }
  const probot = new Probot({
    ...key,
    Octokit: PlainOctokit as typeof ProbotOctokit,
    baseUrl,
    request: { fetch: send },
    secret: randomUUID(),
    log: pino({ level: 'silent' }),
  })
  const known = new Map<number | undefined, Promise<Requests>>()
  const octokit = (installation?: number) => {
    const made = known.get(installation) ?? (probot.auth(installation) as Promise<unknown> as Promise<Requests>)
    known.set(installation, made)
    return made
  }
  return { app: () => octokit(), installation: (id) => octokit(id) }
}

/** Signs each request as the app, or as the installation that the octokit is for, whose token is renewed once on 401. */
function strategyFor(key: AppKey, clock: HostClock) {
  const tokens = openAppTokens(key, clock)
  return (options: StrategyOptions) => {
    const { installationId, octokit, octokitOptions } = options
    const bearer = () => ({ authorization: `bearer ${tokens.ofApp()}` })
    const askFor = (request: Request, id: number) => async () => {
      const route = 'POST /app/installations/{installation_id}/access_tokens'
      return (await request(route, { installation_id: id, headers: bearer() })).data
    }
    const hook = async (request: Request, route: string | object, parameters?: object): Promise<RawAnswer> => {
      const endpoint = request.endpoint.merge(route, parameters)
      const signed = (authorization: string) =>
        request({ ...endpoint, headers: { ...endpoint.headers, authorization } })
      if (installationId === undefined) return signed(bearer().authorization)
      const token = await tokens.ofInstallation(installationId, askFor(request, installationId))
      try {
        return await signed(`token ${token}`)
      } catch (error) {
        if ((error as { status?: unknown }).status !== 401) throw error
        tokens.forget(installationId, token)
        return signed(`token ${await tokens.ofInstallation(installationId, askFor(request, installationId))}`)
      }
    }
    const auth = async (ask: { readonly factory?: (of: object) => unknown }) =>
      ask.factory?.({ octokit, octokitOptions }) ?? { type: 'app' }
    return Object.assign(auth, { hook })
  }
}
