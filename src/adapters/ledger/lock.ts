import { type Lock, lockText, readLock } from '../../ledger/lock.ts'
import type { SigningKey, VerifyingKey } from '../../ledger/signature.ts'
import type { GitHost } from '../../ports/git-host.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'

export interface LockPorts {
  readonly host: Pick<GitHost, 'createLock' | 'replaceLock'>
  readonly repository: HostedRepository
  readonly signingKey: SigningKey
  readonly publicKeys: readonly VerifyingKey[]
}

export interface LockAsk {
  /** What is locked, in letters that a ref may have: `merge-main`. */
  readonly name: string
  /** Unique for this instance and this try. */
  readonly owner: string
  readonly purpose: string
  /** ISO 8601 */
  readonly now: string
  readonly forMs: number
}

export type LockTaken =
  | { readonly is: 'held'; readonly ref: string; readonly sha: string }
  | { readonly is: 'taken'; readonly by: Lock }

/** How often a lock that is free to take may be taken by somebody quicker before we call it taken. */
const MOST_TRIES = 5
const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/

/**
 * Takes a lock, if nobody of ours holds it: of many claims one wins. One that has expired, or that we did not sign,
 * is taken over: a branch that somebody put there holds nothing up.
 *
 * @throws {HostFailure}
 */
export async function takeLock(ports: LockPorts, ask: LockAsk): Promise<LockTaken> {
  const { host, repository, signingKey, publicKeys } = ports
  if (!NAME.test(ask.name)) throw new RangeError('the name of a lock is lower-case letters, digits and hyphens')
  const ref = `refs/heads/weighbridge/lock/${ask.name}`
  const place = { name: ask.name, repository: repository.id }
  const until = new Date(Date.parse(ask.now) + ask.forMs).toISOString()
  const content = lockText({ ...place, owner: ask.owner, purpose: ask.purpose, until }, signingKey)
  let last: Lock | null = null
  for (let turn = 0; turn < MOST_TRIES; turn++) {
    const answer = await host.createLock(repository, ref, content)
    if (answer.is === 'made') return { is: 'held', ref, sha: answer.sha }
    const there = readLock(answer.content, place, publicKeys)
    if (there?.owner === ask.owner) return { is: 'held', ref, sha: answer.sha }
    last = there ?? last
    if (there !== null && Date.parse(there.until) > Date.parse(ask.now)) return { is: 'taken', by: there }
    await host.replaceLock(repository, ref, answer.sha, content)
  }
  const nobody = { ...place, owner: 'somebody', purpose: 'not known', until: ask.now }
  return { is: 'taken', by: last ?? nobody }
}

/** Gives a lock back; false when somebody else has taken it over meanwhile, which leaves theirs alone. */
export function releaseLock(
  { host, repository }: LockPorts,
  held: { readonly ref: string; readonly sha: string },
): Promise<boolean> {
  return host.replaceLock(repository, held.ref, held.sha, null)
}
