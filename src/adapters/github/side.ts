import { z } from 'zod'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import type { Calls } from './calls.ts'
import type { HostClock } from './host-clock.ts'

/** One identity in one installation: what every method of the host works with. */
export interface Side {
  readonly calls: Calls
  readonly appId: number
  /** The app's own account. */
  bot(): Promise<Account>
  readonly clock: HostClock
  /** How long a list may not show yet what was created. */
  readonly lagMs: number
}

/** Parameters of a REST route below `/repos/{owner}/{repo}`. */
export function inRepository({ owner, name }: HostedRepository): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name }
}

/** Variables of a query that begins at `repository(owner: $owner, name: $name)`. */
export function ofRepository({ owner, name }: HostedRepository): { readonly owner: string; readonly name: string } {
  return { owner, name }
}

export const OID = /^[0-9a-f]{40}([0-9a-f]{24})?$/
export const oidSchema = z.string().regex(OID)

/** A connection of which everything must have been read; a further page makes the answer unusable. */
export function whole<T extends z.ZodType>(node: T) {
  return z
    .object({
      pageInfo: z.object({ hasNextPage: z.literal(false) }),
      nodes: z.array(node),
    })
    .transform(({ nodes }) => nodes as readonly z.output<T>[])
}

/** A connection that goes on at `endCursor`. */
export function pageOf<T extends z.ZodType>(node: T) {
  return z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(node),
  })
}
