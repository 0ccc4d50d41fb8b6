import { createHash } from 'node:crypto'
import { z } from 'zod'
import { expiring } from './expiring.ts'

/** A repository that a reader may read, as GitHub names it now. */
export interface ReadableRepository {
  readonly id: number
  readonly owner: string
  readonly name: string
}

export type MayRead = (token: string, owner: string, name: string) => Promise<ReadableRepository | null>

const repository = z.object({ id: z.int().positive(), name: z.string(), owner: z.object({ login: z.string() }) })
/** How long an answer may be believed. */
const BELIEVED_MS = 60_000

/**
 * Asks GitHub, with the reader's own token, whether he may read a repository. A renamed one answers under its new name
 * only; an error is a no. Nothing is believed longer than a minute, and a no is never remembered.
 */
export function mayReadBy(of: {
  readonly apiUrl: string
  readonly fetch: typeof fetch
  readonly now: () => number
}): MayRead {
  const known = expiring<ReadableRepository>({ forMs: BELIEVED_MS, atMost: 10_000, now: of.now })
  return async (token, owner, name) => {
    const key = createHash('sha256').update(`${token}\n${owner}/${name}`).digest('hex')
    const remembered = known.get(key)
    if (remembered !== null) return remembered
    const answer = await asked(of, token, `${owner}/${name}`)
    if (answer !== null) known.set(key, answer)
    return answer
  }
}

async function asked(
  { apiUrl, fetch }: { readonly apiUrl: string; readonly fetch: typeof globalThis.fetch },
  token: string,
  name: string,
): Promise<ReadableRepository | null> {
  const answer = await fetch(`${apiUrl}/repos/${name}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  })
    .then((response) => (response.status === 200 ? response.json() : null))
    .catch(() => null)
  const read = repository.safeParse(answer)
  if (!read.success) return null
  const { id, owner, name: called } = read.data
  return `${owner.login}/${called}`.toLowerCase() === name.toLowerCase()
    ? { id, owner: owner.login, name: called }
    : null
}
