import { type Actor, type GitHub, Refusal, type WorldRepository } from '../github-state.ts'

/** A REST request that has been understood, allowed and held to the contract. */
export interface RestCall {
  readonly github: GitHub
  readonly actor: Actor
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** As published for the operation. */
  readonly body: Readonly<Record<string, unknown>>
  readonly accept: string
  /** The token that the request came with. */
  readonly credentials: string
  /** URL of the request without its query, for links to further pages. */
  readonly url: string
  /** The repository of the path; asking for it where the path has none is a bug. */
  readonly repository: WorldRepository
}

export interface RestAnswer {
  readonly status: number
  /** undefined: none. A Buffer is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type RestHandler = (call: RestCall) => RestAnswer | Promise<RestAnswer>

export function ok(body: unknown): RestAnswer {
  return { status: 200, body }
}

export function created(body: unknown): RestAnswer {
  return { status: 201, body }
}

export function nothing(): RestAnswer {
  return { status: 204 }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

/** A record, or GitHub's 404. */
export function found<T>(record: T | null | undefined): T {
  if (record === null || record === undefined) throw notFound()
  return record
}
