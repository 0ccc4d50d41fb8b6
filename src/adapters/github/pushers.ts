import { z } from 'zod'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import { userSchema } from './account.ts'
import { wholeRef } from './branches.ts'
import { refused } from './failures.ts'
import { inRepository, type Side } from './side.ts'

const OPERATION = 'read who pushed'
const MOST_PAGES = 10
const activitySchema = z.object({ activity_type: z.string(), ref: z.string(), actor: userSchema.nullable() })

/**
 * Accounts that pushed to a branch since it was made: GitHub's own log of pushes, not what commits say of themselves.
 *
 * @throws {HostFailure} when the log cannot be read, or does not reach back to the branch's creation
 */
export async function pushers({ calls }: Side, repository: HostedRepository, ref: string): Promise<readonly Account[]> {
  const whole = wholeRef(ref)
  const found = new Map<number, Account>()
  let more: Record<string, unknown> = {}
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, next } = await calls.page({
      operation: OPERATION,
      route: 'GET /repos/{owner}/{repo}/activity',
      parameters: { ...inRepository(repository), ref: whole, per_page: 100, ...more },
      answer: z.array(activitySchema),
    })
    for (const { activity_type, ref: of, actor } of data) {
      if (of !== whole) continue
      if (actor !== null) found.set(actor.id, actor)
      if (activity_type === 'branch_creation') return [...found.values()]
    }
    if (next === null) throw refused(OPERATION, 200, `GitHub's log does not reach back to the creation of ${ref}`)
    more = Object.fromEntries(new URL(next).searchParams)
  }
  throw refused(OPERATION, 200, `more than ${100 * MOST_PAGES} pushes to ${ref}`)
}
