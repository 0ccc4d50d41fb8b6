import type { Work } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'

/** Work that follows a training or a search, whatever asks for it. */
export function trainingWork(repository: HostedRepository, correlation: string): Work {
  return {
    key: `${repository.id}/training:${correlation}`,
    lane: 'interactive',
    repository,
    subject: { kind: 'training', correlation },
    force: false,
    head: null,
  }
}
