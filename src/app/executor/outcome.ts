import { HostFailure } from '../../ports/host-failure.ts'

/** How a piece of work ended. */
export type Outcome =
  | { readonly is: 'done' }
  /** Not yet: something that GitHub works out by itself is not there. Counts as no failure. */
  | { readonly is: 'later'; readonly at: string }

/** What follows from an ending, decided before anything is done about it. */
export type Ending =
  | { readonly is: 'done' }
  | { readonly is: 'later'; readonly at: string }
  | { readonly is: 'failed'; readonly because: string; readonly waitMs: number; readonly isHeld: boolean }
  /** The installation is no longer ours: its waiting work ends too. */
  | { readonly is: 'installation-gone'; readonly because: string }

const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 600_000
const MOST_TEXT = 300

/**
 * What a thrown error means for the work. GitHub's own wish to wait is obeyed; else pauses triple from 5 s to 10 minutes,
 * so that 8 tries outlast half an hour of trouble, each shortened by chance so that not all come back at once.
 *
 * @param attempt  1 for the first
 * @param chance   0 to 1
 */
export function endingOf(error: unknown, attempt: number, chance: number): Ending {
  const because = textOf(error)
  if (error instanceof HostFailure && endsInstallation(error)) return { is: 'installation-gone', because }
  const asked = error instanceof HostFailure ? error.retryAfterS : null
  if (asked !== null) return { is: 'failed', because, waitMs: 1000 * asked + 1000 * chance, isHeld: true }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 3 ** (attempt - 1))
  return { is: 'failed', because, waitMs: pause * (0.5 + chance / 2), isHeld: false }
}

/**
 * Uninstalled or suspended: no token for it, or one that is not taken. A 404 of anything else is a pull request or a
 * repository that is gone, or a list that lags, and says nothing about the others.
 */
function endsInstallation({ status, operation, message }: HostFailure): boolean {
  if (status === 401) return true
  if (status === 403) return /\bsuspended\b/i.test(message)
  return status === 404 && /\btoken\b/i.test(operation)
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, MOST_TEXT)
}
