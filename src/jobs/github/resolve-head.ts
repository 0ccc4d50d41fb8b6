import type { Ask, Work } from '../../ports/inbox.ts'
import { governedBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, type RepositoryJob } from './job-context.ts'
import { mayAnyWeigh } from './may-any-weigh.ts'
import { pullWork } from './sweep.ts'

/**
 * Finds what a commit is the head of: pull requests, those of forks too, or a merge group. What payloads say of that is
 * empty for both.
 */
export async function resolveHead(job: RepositoryJob, sha: string): Promise<JobOutcome> {
  const { host, repository, inbox, leased } = job
  const force = leased.work.force && (await mayAnyWeigh(job, sha, again(leased.work.asks)))
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

function again(asks: Work['asks'] = []): readonly Ask[] {
  return asks.filter(({ kind }) => kind === 'weigh-again')
}
