import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { createRef, looseCommit } from './commits.ts'
import { unreachable } from './failures.ts'
import { moveRef } from './move-ref.ts'
import { ofRepository, oidSchema, type Side } from './side.ts'

const FILE = 'lock.json'
const NOTHING = '0'.repeat(40)

export type LockAnswer =
  | { readonly is: 'made'; readonly sha: string }
  | { readonly is: 'taken'; readonly sha: string; readonly content: string | null }

/**
 * Takes a lock: a ref that must not be there yet, at a commit of its own that holds one file. Of many claims exactly one
 * is answered `made`, and after a lost answer the claimant recognises its own commit.
 */
export async function createLock(
  side: Side,
  repository: HostedRepository,
  ref: string,
  content: string,
): Promise<LockAnswer> {
  const sha = await claim(side, repository, content)
  const taken = async (): Promise<LockAnswer> => {
    const holder = await holderOf(side, repository, ref)
    if (holder === null) throw unreachable('take a lock', `${ref} is neither free nor held`)
    return { is: 'taken', ...holder }
  }
  try {
    return (await createRef(side, repository, ref, sha)) ? { is: 'made', sha } : await taken()
  } catch (error) {
    if (!(error instanceof HostFailure) || !error.isAmbiguous) throw error
    await side.clock.sleep(side.lagMs)
    const holder = await holderOf(side, repository, ref)
    if (holder === null) throw error
    return holder.sha === sha ? { is: 'made', sha } : { is: 'taken', ...holder }
  }
}

/** No two claims are one commit, even of the same words in the same second. */
function claim(side: Side, repository: HostedRepository, content: string): Promise<string> {
  return looseCommit(side, repository, {
    message: `lock ${randomUUID()} [skip ci]`,
    files: [{ path: FILE, content }],
    on: null,
  })
}

const HOLDER = `
query Lock($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    id
    ref(qualifiedName: $ref) {
      target {
        oid
        ... on Commit { file(path: "${FILE}") { object { ... on Blob { isBinary isTruncated text } } } }
      }
    }
  }
}`
const fileSchema = z
  .object({
    object: z
      .object({ isBinary: z.boolean().nullish(), isTruncated: z.boolean().optional(), text: z.string().nullish() })
      .nullable(),
  })
  .nullish()
const holderAnswer = z.object({
  repository: z.object({
    id: z.string().min(1),
    ref: z.object({ target: z.object({ oid: oidSchema, file: fileSchema }) }).nullable(),
  }),
})

async function read({ calls }: Side, repository: HostedRepository, ref: string) {
  const variables = { ...ofRepository(repository), ref }
  const call = { operation: 'read a lock', document: HOLDER, variables, answer: holderAnswer }
  return (await calls.query(call)).repository
}

/** Whoever holds it; content that is not whole text is none. */
async function holderOf(side: Side, repository: HostedRepository, ref: string) {
  const { ref: found } = await read(side, repository, ref)
  if (found === null) return null
  const blob = found.target.file?.object
  const isWhole = blob?.isBinary === false && blob.isTruncated === false
  return { sha: found.target.oid, content: isWhole ? (blob.text ?? null) : null }
}

/** Moves a lock to new content, or deletes it, only from the commit that it was seen at; false when it had moved. */
export async function replaceLock(
  side: Side,
  repository: HostedRepository,
  ref: string,
  { seen, content }: { readonly seen: string; readonly content: string | null },
): Promise<boolean> {
  const before = await read(side, repository, ref)
  if (before.ref?.target.oid !== seen) return false
  const after = content === null ? NOTHING : await claim(side, repository, content)
  try {
    await moveRef(side, 'move a lock', { repository: before.id, ref, before: seen, after })
    return true
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryAfterS !== null) throw error
    if (error.isAmbiguous) await side.clock.sleep(side.lagMs)
    const now = (await read(side, repository, ref)).ref?.target.oid ?? NOTHING
    if (now === seen) throw error
    return now === after
  }
}
