import type { WorldResponse } from '../api/world-request.ts'
import type { GitHub } from '../github-state.ts'
import type { WorldAccount } from '../state/people.ts'

/** A page that somebody who is signed in asked for. */
export interface PageCall {
  readonly github: GitHub
  readonly user: WorldAccount
  /** The part of the path that has a name: the organisation, or the app. */
  readonly named: string | null
  readonly query: URLSearchParams
  readonly form: URLSearchParams
}

export type PageHandler = (call: PageCall) => WorldResponse | Promise<WorldResponse>
