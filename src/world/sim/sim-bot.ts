import type { VirtualClock } from '../clock.ts'
import type { Courier } from '../github/github-state.ts'
import type { AppCredentials } from '../world-app.ts'

/** What an app is given so that it lives in a simulation. */
export interface SimPlace {
  /** Reaches GitHub's API; nothing else is there. */
  readonly fetch: typeof fetch
  readonly apiUrl: string
  readonly clock: VirtualClock
  readonly app: AppCredentials
  /** The user's own checkout: artifacts and tables with `file:` lie below it. */
  readonly checkout: string
  /** `owner/name` of the repository on the emulated GitHub. */
  readonly repository: string
}

/** The app under test, as the simulation sees it. */
export interface SimBot {
  /** Takes the webhooks. */
  readonly courier: Courier
  /** When nothing is left to do that time alone would not bring. */
  settle(): Promise<void>
  /** Status by gate of the latest weighing of a pull request; null when it was not weighed. */
  gates?(pull: number): Promise<Readonly<Record<string, string>> | null>
  close(): Promise<void>
}

/** Starts an app in a place. */
export type OpenBot = (place: SimPlace) => Promise<SimBot>
