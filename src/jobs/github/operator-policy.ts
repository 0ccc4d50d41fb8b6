import { z } from 'zod'
import type { PolicyLocation } from '../../operator/grant.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Leased } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { type CentralPolicy, readCentralPolicy, unreadablePolicy } from '../central-policy.ts'
import type { JobContext, RepositoryJob } from './job-context.ts'
import { repositoryWork } from './repository-work.ts'

const FOLDER = 'policies'
const remembered = z.object({ id: z.number(), owner: z.string(), name: z.string(), installation: z.number() })

/**
 * The operator's policy for the repository of a job, at the tip of its default branch now: one read, whatever it extends
 * there. Where its repository lies is looked up once and remembered.
 *
 * It is part of the key that approvals cover by what it says, not by its commit: a changed rule re-opens every verdict
 * that it judges, at the next weighing, which is when the push is heard of or with the next sweep; a changed comment none.
 *
 * @returns null where the operator names none. What cannot be read for good is a policy with a mistake, never none.
 * @throws {HostFailure} when trying again may help
 */
export function operatorPolicy(job: RepositoryJob): Promise<CentralPolicy | null> {
  const known = reading.get(job.leased)
  if (known !== undefined) return known
  const asked = readPolicy(job).finally(() => reading.delete(job.leased))
  reading.set(job.leased, asked)
  return asked
}

/** Reads on their way: pull requests that one job weighs together share one, and the next weighing asks again. */
const reading = new WeakMap<Leased, Promise<CentralPolicy | null>>()

async function readPolicy(job: RepositoryJob): Promise<CentralPolicy | null> {
  const at = job.grounds.policyFor(job.repository)
  if (at === null) return null
  try {
    const known = rememberedPlace(job, at)
    const found = known ?? (await lookedUp(job, at))
    if (found === null) return notReached(at)
    try {
      return await readAt(job, at, found)
    } catch (error) {
      if (known === null || !isForGood(error)) throw error
      const moved = await lookedUp(job, at)
      return moved === null ? notReached(at) : await readAt(job, at, moved)
    }
  } catch (error) {
    if (!isForGood(error)) throw error
    return unreadablePolicy(at, error.message, 'Mend what GitHub says, or ask the operator of the app.')
  }
}

function notReached(at: PolicyLocation): CentralPolicy {
  const because = `the app reaches no repository ${at.repository}`
  return unreadablePolicy(at, because, 'Install the app there, or have WEIGHBRIDGE_OPERATOR changed.')
}

async function readAt({ appHost }: JobContext, at: PolicyLocation, place: HostedRepository): Promise<CentralPolicy> {
  const host = appHost.weigher(place.installation)
  const sha = await host.defaultTip(place, FOLDER)
  return readCentralPolicy(at, await host.open(place).snapshot(sha))
}

function isForGood(error: unknown): error is HostFailure {
  return error instanceof HostFailure && !error.retryable
}

/** In this installation first, then in all others of the app: the operator may keep its policies in an organisation of its own. */
async function lookedUp({ host, appHost, inbox }: RepositoryJob, at: PolicyLocation): Promise<HostedRepository | null> {
  const isIt = ({ owner, name }: HostedRepository) => `${owner}/${name}`.toLowerCase() === at.repository.toLowerCase()
  let found = (await host.repositories()).find(isIt)
  if (found === undefined)
    for (const { id, isSuspended } of await appHost.installations())
      found ??= isSuspended ? undefined : (await appHost.weigher(id).repositories()).find(isIt)
  if (found !== undefined) inbox.setMark(markOf(at), JSON.stringify(remembered.parse(found)))
  return found ?? null
}

function rememberedPlace({ inbox }: JobContext, at: PolicyLocation): HostedRepository | null {
  const mark = inbox.mark(markOf(at))
  return mark === null ? null : (remembered.safeParse(JSON.parse(mark)).data ?? null)
}

function markOf({ repository }: PolicyLocation): string {
  return `policy-repository:${repository.toLowerCase()}`
}

/**
 * A push to the default branch of a repository that holds the operator's policies: every repository that it governs is
 * swept, so that no verdict stands on old rules until the next sweep. This installation's only; others are swept anyway.
 */
export async function sweepGoverned({ grounds, host, inbox, repository }: RepositoryJob): Promise<void> {
  const here = `${repository.owner}/${repository.name}`.toLowerCase()
  if (!grounds.holdsPolicies(repository)) return
  for (const one of await host.repositories()) {
    if (grounds.policyFor(one)?.repository.toLowerCase() !== here) continue
    inbox.enqueue(repositoryWork(one))
  }
}
