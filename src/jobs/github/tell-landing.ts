import type { Landing } from '../../merging/landing.ts'
import { landingComment, landingIssues } from '../../merging/landing-messages.ts'
import type { LandedCommit } from '../../ports/git-host.ts'
import type { RepositoryJob } from './job-context.ts'
import { makeOnce } from './make-once.ts'
import { hidden, markdownOf, openIssue } from './open-issue.ts'

/** Records deployments, and says on the pull request and in an issue what landed without our verdict. */
export async function tellLanding(
  job: RepositoryJob,
  from: LandedCommit['pulls'][number] | null,
  landing: Landing,
): Promise<void> {
  const { host, repository } = job
  for (const deployment of deploymentsOf(landing)) {
    const { environment, model, sha } = deployment
    await makeOnce(job, `deployment ${environment}/${model} ${sha}`, () => host.deployment(repository, deployment))
  }
  const said = landingComment(landing)
  if (said !== null && from !== null) {
    const comment = () => host.comment(repository, from.number, hidden('weighbridge:landed'), markdownOf(said))
    await makeOnce(job, `comment #${from.number}`, comment)
  }
  for (const issue of landingIssues(landing)) await openIssue(job, issue)
}

/** One deployment for each version that serves from now on, whoever put it there. */
function deploymentsOf({ facts, is }: Landing) {
  return facts.flatMap(({ fact, scope }) => {
    if (fact.kind !== 'deployed' || scope === 'budget') return []
    const { environment, model } = scope
    const description = is === 'weighed' ? 'weighed' : is === 'by-hand' ? 'rolled back by hand' : 'without a verdict'
    return [{ environment, sha: fact.commit, model, version: fact.version, description }]
  })
}
