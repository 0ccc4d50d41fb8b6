import { authorize } from '../../commands/authorize.ts'
import type { FoundCheck } from '../../ports/check-run.ts'
import type { Ask, Work } from '../../ports/inbox.ts'
import { governedBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, type RepositoryJob } from './job-context.ts'
import { pullWork } from './sweep.ts'

/**
 * Finds what a commit is the head of: pull requests, those of forks too, or a merge group. What payloads say of that is
 * empty for both.
 */
export async function resolveHead(job: RepositoryJob, sha: string): Promise<JobOutcome> {
  const { host, repository, inbox, leased } = job
  const force = leased.work.force && (await isAllowed(job, sha, leased.work.asks ?? []))
  const pulls = await host.pullsWithHead(repository, sha)
  pulls.forEach(({ number }, index) => {
    inbox.enqueue(pullWork(repository, { number, head: sha, lane: leased.work.lane, force: force && index === 0 }))
  })
  if (pulls.length === 0) await resolveGroup(job, sha, force)
  return DONE
}

async function resolveGroup(job: RepositoryJob, sha: string, force: boolean): Promise<void> {
  const { host, repository, inbox, leased } = job
  const now = await host.now(repository)
  const { others } = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(inbox, repository))
  for (const baseRef of [now.defaultBranch, ...others]) {
    const queue = await host.queue(repository, baseRef)
    const place = queue.findIndex(({ headSha }) => headSha === sha)
    if (place === -1) continue
    const baseSha = queue[place - 1]?.headSha ?? (await host.tip(repository, baseRef))
    if (baseSha === null) continue
    const subject: Work['subject'] = { kind: 'group', baseRef, baseSha, headSha: sha }
    inbox.enqueue({
      key: `${repository.id}/group:${sha}`,
      lane: leased.work.lane,
      repository,
      subject,
      force,
      head: sha,
    })
  }
}

/** Whether anybody who asked may. A button counts only on a check that is still the published one. */
async function isAllowed(job: RepositoryJob, sha: string, asks: readonly Ask[]): Promise<boolean> {
  const again = asks.filter(({ kind, by }) => kind === 'weigh-again' && !by.isBot)
  if (again.length === 0) return false
  const { host, repository } = job
  const [checks, roles] = await Promise.all([
    again.every(({ check }) => check === null) ? [] : host.checksOn(repository, sha),
    host.roles(repository, {
      organisation: repository.owner,
      teams: [],
      accounts: again.map(({ by }) => by),
      permissions: true,
    }),
  ])
  const asked = {
    repository: repository.id,
    roles: undefined,
    model: null,
    environment: null,
    owner: null,
    author: null,
  }
  return again.some(({ by, check }) => {
    const who = { account: by, repository: repository.id, facts: roles }
    return isPublished(checks, check) && authorize(who, 'weigh', asked).is === 'allowed'
  })
}

/** Whether the check whose button was pressed still shows what it showed then. */
export function isPublished(checks: readonly FoundCheck[], pressed: Ask['check']): boolean {
  if (pressed === null) return true
  const stands = checks.find(({ name }) => name === pressed.name)
  return stands?.id === pressed.id && stands.externalId === pressed.externalId
}
