import type { OperationId } from '../contract/operations.ts'
import type { GitHub } from '../github-state.ts'

/** A request that was answered, for tests to count. */
export interface ApiCall {
  readonly method: string
  /** Id of the REST operation, or `graphql <name>`; null when there is no such route. */
  readonly operation: OperationId | `graphql ${string}` | null
  /** Top-level fields of a GraphQL operation. */
  readonly fields: readonly string[]
  /** The path without its parameters, from the repository on: `pulls/merge`. */
  readonly subject: string
  readonly url: string
  readonly token: 'app' | 'installation' | 'user' | 'anonymous'
  readonly status: number
  readonly isWrite: boolean
}

/** How GraphQL goes wrong when asked to; each is spent on the next query that it fits. */
export type GraphqlFault =
  /** HTTP 200, `data: null`, `RESOURCE_LIMITS_EXCEEDED`. */
  | { readonly kind: 'resource-limits' }
  /** HTTP 200, this field answers null with an error beside it. */
  | { readonly kind: 'partial'; readonly field: string }

/** What the API's front remembers of a running GitHub; a fork begins with a fresh one. */
export interface ApiSession {
  readonly calls: ApiCall[]
  /** Requests that GitHub's descriptions do not allow, and answers of ours; tests hold this empty. */
  readonly contractBreaks: { readonly call: string; readonly problems: readonly string[] }[]
  /** Spent calls by who is limited and what: `installation:7 core`. */
  readonly spent: Map<string, { used: number; resetAt: number }>
  readonly limits: { core: number; graphql: number; anonymous: number }
  readonly graphqlFaults: GraphqlFault[]
  /** Most nodes that one query may ask for. */
  nodeLimit: number
  requests: number
}

const sessions = new WeakMap<GitHub, ApiSession>()

/** The session of a GitHub: its log of calls and its switches. */
export function apiSession(github: GitHub): ApiSession {
  const known = sessions.get(github)
  if (known !== undefined) return known
  const session: ApiSession = {
    calls: [],
    contractBreaks: [],
    spent: new Map(),
    limits: { core: 5_000, graphql: 5_000, anonymous: 60 },
    graphqlFaults: [],
    nodeLimit: 500_000,
    requests: 0,
  }
  sessions.set(github, session)
  return session
}

/** A copy of a GitHub that stands in for it, to answer from its past: what is asked there is logged and counted here. */
export function shareSession(of: GitHub, copy: GitHub): void {
  sessions.set(copy, apiSession(of))
}

/** Every request so far, oldest first. */
export function callsOf(github: GitHub): readonly ApiCall[] {
  return apiSession(github).calls
}

/** Requests that changed something, tokens apart: `POST check-runs`, `PUT pulls/merge`, `createCommitOnBranch`. */
export function writesOf(github: GitHub): readonly string[] {
  return callsOf(github)
    .filter((call) => call.isWrite && call.status < 400)
    .flatMap((call) => (call.operation?.startsWith('graphql ') ? call.fields : [`${call.method} ${call.subject}`]))
}
