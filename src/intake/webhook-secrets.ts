import { readFileSync, statSync } from 'node:fs'

/** Probot's own default, known to everybody. */
const KNOWN_TO_ALL = 'development'
const RE_READ_MS = 5000

export interface SecretSources {
  /** WEBHOOK_SECRET: one or several, newest first, one a line. */
  readonly value?: string | undefined
  /** WEBHOOK_SECRET_FILE: the same in a file, re-read when it changes. */
  readonly file?: string | undefined
}

/** All secrets that verify now; rotation is writing the new one above the old one. */
export type WebhookSecrets = () => readonly string[]

/**
 * Opens the webhook secrets, or refuses to start: without one, anybody could give orders.
 *
 * A file that becomes unreadable or empty later leaves those that were last read: a half-written rotation is no outage.
 *
 * @param nowMs  a clock that only grows
 * @throws {Error} when there is none, or one that is empty or known to everybody
 */
export function openSecrets(sources: SecretSources, nowMs: () => number = () => performance.now()): WebhookSecrets {
  const { file } = sources
  const given = file === undefined ? sources.value : readFileSync(file, 'utf8')
  const where = file === undefined ? 'WEBHOOK_SECRET' : `WEBHOOK_SECRET_FILE ${file}`
  let secrets = checked(given, where)
  if (file === undefined) return () => secrets
  let seen = changeOf(file)
  let readAt = nowMs()
  return () => {
    if (nowMs() - readAt < RE_READ_MS) return secrets
    readAt = nowMs()
    const change = changeOf(file)
    if (change === seen) return secrets
    seen = change
    secrets = reread(file, where) ?? secrets
    return secrets
  }
}

function checked(given: string | undefined, where: string): readonly string[] {
  const secrets = (given ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (secrets.length === 0)
    throw new Error(`${where}: there is no webhook secret. Set the one that the App's settings page holds.`)
  if (secrets.includes(KNOWN_TO_ALL))
    throw new Error(`${where}: "${KNOWN_TO_ALL}" is Probot's default and known to everybody. Set a random one.`)
  return secrets
}

function reread(file: string, where: string): readonly string[] | null {
  try {
    return checked(readFileSync(file, 'utf8'), where)
  } catch {
    return null
  }
}

/** Kubernetes swaps the file below a link, so time and inode both tell. */
function changeOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found === undefined ? 'gone' : `${found.ino} ${found.mtimeMs} ${found.size}`
}
