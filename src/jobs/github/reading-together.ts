import type { RemoteRepository, RoleAnswer } from '../../ports/git-host.ts'
import type { PullFacts } from '../../ports/pull-now.ts'
import type { RepositoryJob } from './job-context.ts'

/** The same job, whose reads of a repository go out together, whoever asks: registry, history and ledger. */
export function readingTogether(job: RepositoryJob): RepositoryJob {
  const opened = new Map<number, RemoteRepository>()
  return {
    ...job,
    host: {
      ...job.host,
      open: (repository) => {
        const known = opened.get(repository.id) ?? job.host.open(repository)
        opened.set(repository.id, known)
        return known
      },
    },
  }
}

/**
 * The same job, whose questions about people are one for all these pull requests: whoever asks first for some teams asks
 * for everybody at once. What somebody may do in the repository costs a request a person and is asked apart.
 */
export function askingTogether(job: RepositoryJob, pulls: readonly PullFacts[]): RepositoryJob {
  const everybody = pulls.flatMap(({ author, reviews }) => [author, ...reviews.map((review) => review.author)])
  const asked = new Map<string, Promise<RoleAnswer>>()
  const roles: RepositoryJob['host']['roles'] = (repository, question) => {
    if (question.permissions) return job.host.roles(repository, question)
    const key = JSON.stringify([repository.id, question.organisation, [...question.teams].sort()])
    const people = [...question.accounts, ...everybody.filter((account) => account !== null)]
    const accounts = [...new Map(people.map((account) => [account.id, account])).values()]
    const answer = asked.get(key) ?? job.host.roles(repository, { ...question, accounts })
    asked.set(key, answer)
    return answer
  }
  return { ...job, host: { ...job.host, roles } }
}
