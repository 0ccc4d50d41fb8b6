import type { RemoteRepository } from '../../ports/git-host.ts'
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
