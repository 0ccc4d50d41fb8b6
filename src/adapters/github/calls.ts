import type { z } from 'zod'
import type { EtagMemory } from './etag-memory.ts'
import { GraphqlFailure, hostFailure, unreachable } from './failures.ts'
import { graphqlAnswer } from './graphql-answer.ts'
import { type HeardAnswer, hearing } from './hearing.ts'
import type { HostClock } from './host-clock.ts'
import type { RawAnswer, Requests } from './octokit-factory.ts'
import type { RestCall } from './rest-call.ts'
import type { StorageFetch } from './storage-fetch.ts'
import type { Throttle } from './throttle.ts'

export interface GraphqlCall<T> {
  readonly operation: string
  readonly document: string
  readonly variables: Record<string, unknown>
  readonly answer: z.ZodType<T>
}

/** The only way to GitHub: paced, counted against its limits, answers held to a shape, every failure a `HostFailure`. */
export interface Calls {
  get<T>(call: RestCall<T>): Promise<T>
  /** All pages of a list. @throws {HostFailure} when there are more than `mostPages` */
  pages<T>(call: RestCall<readonly T[]>, mostPages: number): Promise<readonly T[]>
  /** One page, and where the next one begins. */
  page<T>(call: RestCall<T>): Promise<{ readonly data: T; readonly next: string | null }>
  query<T>(call: GraphqlCall<T>): Promise<T>
  /**
   * What a route redirects to, from where GitHub keeps it and without our token.
   *
   * @param read  may fetch more than once; when it fails for a while, GitHub is asked for another address
   */
  download<T>(call: Omit<RestCall<T>, 'answer'>, read: (fetchFrom: Fetch) => Promise<T>): Promise<T>
  /** @param isRepeatable  doing it twice is doing it once: it is tried again when its answer is lost */
  send<T>(call: RestCall<T>, isRepeatable: boolean): Promise<T>
  mutate<T>(call: GraphqlCall<T>, isRepeatable: boolean): Promise<T>
}

/** Fetches from one signed address. */
export type Fetch = (headers?: Readonly<Record<string, string>>) => Promise<Response>

export interface CallPorts {
  readonly octokit: () => Promise<Requests>
  readonly throttle: Throttle
  readonly etags: EtagMemory
  readonly storage: StorageFetch
  readonly clock: HostClock
  /** 0 to 1, for jitter. */
  readonly chance: () => number
  /** `https://api.github.com`, or `https://<host>/api/v3`. */
  readonly baseUrl: string
  /** Longest wait that a limit may ask for before the call is given back to its job. */
  readonly mostWaitMs: number
  /** Told of every answer. */
  readonly heard: (answer: HeardAnswer) => void
}

const TRIES = 4
const FIRST_PAUSE_MS = 250

export function openCalls(ports: CallPorts): Calls {
  const { throttle, etags } = ports
  const persistently = <R>(call: { readonly operation: string }, how: Kind, ask: () => Promise<R>) =>
    tryAgain(ports, call.operation, how, () => (how.isWrite ? throttle.write(ask) : throttle.read(ask)))
  const rest = (call: RestCall<unknown>, how: Kind) =>
    persistently(call, how, async () => {
      const octokit = hearing(await ports.octokit(), call.operation, ports.heard)
      return how.isWrite ? octokit.request(call.route, call.parameters) : etags.get(octokit, call)
    })
  const graphqlRoute = `POST ${ports.baseUrl.replace(/\/$/, '').replace(/\/api\/v3$/, '/api')}/graphql`
  const graphql = async <T>(call: GraphqlCall<T>, how: Kind) => {
    const body = { query: call.document, variables: call.variables }
    const ask = async () => {
      const octokit = hearing(await ports.octokit(), call.operation, ports.heard)
      return graphqlAnswer(call.operation, await octokit.request(graphqlRoute, body), how.isWrite)
    }
    return parsed(call, await persistently(call, how, ask), how)
  }
  const page = async <T>(call: RestCall<T>) => {
    const { data, headers } = await rest(call, READ)
    return { data: parsed(call, data, READ), next: nextPage(headers.link) }
  }
  return {
    get: async (call) => (await page(call)).data,
    page,
    pages: (call, mostPages) => allPages(page, call, mostPages),
    query: (call) => graphql(call, READ),
    download: (call, read) =>
      persistently(call, READ, async () => {
        const octokit = hearing(await ports.octokit(), call.operation, ports.heard)
        const location = await redirectOf(octokit, call)
        return read((headers) => ports.storage(call.operation, location, headers))
      }),
    send: async (call, isRepeatable) => {
      const how = { isWrite: true, isRepeatable }
      return parsed(call, (await rest(call, how)).data, how)
    },
    mutate: (call, isRepeatable) => graphql(call, { isWrite: true, isRepeatable }),
  }
}

/** Where a route points to; our transport follows redirects on GitHub's own host alone, and this one not at all. */
async function redirectOf(octokit: Requests, call: Omit<RestCall<unknown>, 'answer'>): Promise<string> {
  const { status, headers } = await octokit.request(call.route, { ...call.parameters, request: { redirect: 'manual' } })
  if (status === 302 && typeof headers.location === 'string') return headers.location
  throw unreachable(call.operation, `GitHub answered ${status} instead of an address`)
}

/** How a call may be repeated. */
interface Kind {
  readonly isWrite: boolean
  readonly isRepeatable: boolean
}

const READ: Kind = { isWrite: false, isRepeatable: true }

/**
 * Asks until there is an answer, an answer that will not change, or no more tries.
 *
 * A refusal for a limit had no effect, so anything may be asked again after it, when the wait is short. A lost answer
 * may hide an effect: only what is repeatable is asked again.
 */
async function tryAgain<R>(
  { throttle, clock, chance, mostWaitMs }: CallPorts,
  operation: string,
  { isWrite, isRepeatable }: Kind,
  ask: () => Promise<R>,
): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const failure = hostFailure(operation, error, isWrite, clock.now())
      const waitMs = failure.retryAfterS === null ? null : failure.retryAfterS * 1000
      if (waitMs !== null) throttle.blockUntil(clock.now() + waitMs)
      const mayAsk = waitMs !== null ? waitMs <= mostWaitMs : isRepeatable || !failure.isAmbiguous
      if (!failure.retryable || !mayAsk || attempt === TRIES || isForCaller(failure)) throw failure
      if (waitMs === null) await clock.sleep(chance() * FIRST_PAUSE_MS * 2 ** attempt)
    }
  }
}

/** A query that was too large is asked again smaller, not again. */
function isForCaller(failure: unknown): boolean {
  return failure instanceof GraphqlFailure && failure.errors.some(({ type }) => type !== null)
}

async function allPages<T>(
  page: Calls['page'],
  call: RestCall<readonly T[]>,
  mostPages: number,
): Promise<readonly T[]> {
  const all: T[] = []
  let more: Record<string, unknown> = {}
  for (let count = 0; count < mostPages; count++) {
    const { data, next } = await page({ ...call, parameters: { per_page: 100, ...call.parameters, ...more } })
    all.push(...data)
    if (next === null) return all
    more = Object.fromEntries(new URL(next).searchParams)
  }
  throw unreachable(call.operation, `more than ${mostPages} pages`)
}

function nextPage(link: RawAnswer['headers'][string]): string | null {
  return /<([^<>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1] ?? null
}

function parsed<T>(
  { operation, answer }: { readonly operation: string; readonly answer: z.ZodType<T> },
  data: unknown,
  { isWrite }: Kind,
): T {
  const reading = answer.safeParse(data)
  if (reading.success) return reading.data
  const [issue] = reading.error.issues
  throw unreachable(operation, `GitHub's answer is not whole at ${issue?.path.join('.') || 'its root'}`, isWrite)
}
