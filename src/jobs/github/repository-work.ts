import type { Work } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'

/** The sweep of a repository: everything open there, and whatever time alone has changed. */
export function repositoryWork(repository: HostedRepository): Work {
  return {
    key: `${repository.id}/all`,
    lane: 'sweep',
    repository,
    subject: { kind: 'repository' },
    force: false,
    head: null,
  }
}
