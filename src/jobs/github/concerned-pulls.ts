import { z } from 'zod'
import type { OpenPull } from '../../ports/git-host.ts'
import type { ChangedPath } from '../../registry/change.ts'
import type { Configuration } from '../../registry/configuration.ts'
import { classifyPath } from '../../registry/registry-path.ts'
import type { Concerns } from '../weighed-facts.ts'
import type { RepositoryJob } from './job-context.ts'
import type { WeighedPull } from './weighed-pull.ts'

const remembered = z.object({
  models: z.array(z.string()),
  environments: z.array(z.string()),
  policy: z.boolean(),
})

/** Remembers what the verdict of each pull request concerns, so that a push re-opens only those that it may change. */
export function rememberConcerns({ inbox, repository }: RepositoryJob, weighings: readonly WeighedPull[]): void {
  for (const { pull, weighed } of weighings) {
    const mark = JSON.stringify(weighed.concerns)
    if (inbox.mark(markOf(repository.id, pull)) !== mark) inbox.setMark(markOf(repository.id, pull), mark)
  }
}

/** What a push to a governed branch changes of ours. */
export interface PushConcerns extends Concerns {
  /** The configuration says what is ours at all. */
  readonly configuration: boolean
}

/** Whatever a push changed, it may concern everything. */
export const ANYTHING: PushConcerns = { models: [], environments: [], policy: true, configuration: true }

/** Reads a push by its paths alone. */
export function concernsOfPush(changed: readonly ChangedPath[], configuration: Configuration | null): PushConcerns {
  const kinds = changed.map(({ path }) => classifyPath(path, configuration))
  return {
    models: [...new Set(kinds.flatMap((is) => ('model' in is ? [is.model] : [])))],
    environments: [...new Set(kinds.flatMap((is) => ('environment' in is ? [is.environment] : [])))],
    policy: kinds.some(({ kind }) => kind === 'policy' || kind === 'configuration' || kind === 'workflow'),
    configuration: kinds.some(({ kind }) => kind === 'configuration'),
  }
}

/** Whether a push changes anything of ours at all. */
export function isOfOurs({ models, environments, policy }: Concerns): boolean {
  return policy || models.length + environments.length > 0
}

/** Open pull requests whose verdict a push may change; of one that nothing is known about we think that it may. */
export function concernedPulls(
  { inbox, repository }: Pick<RepositoryJob, 'inbox' | 'repository'>,
  pulls: readonly OpenPull[],
  push: PushConcerns,
): readonly OpenPull[] {
  return pulls.filter(({ number }) => {
    const mark = inbox.mark(markOf(repository.id, number))
    const own = mark === null ? null : remembered.safeParse(JSON.parse(mark))
    return own === null || !own.success || meets(push, own.data)
  })
}

/** A change of the rules concerns everything of ours, and a pull request that changes rules everything concerns. */
function meets(push: PushConcerns, own: Concerns): boolean {
  if (push.configuration) return true
  if (!isOfOurs(own) || !isOfOurs(push)) return false
  if (push.policy || own.policy) return true
  const shares = (a: readonly string[], b: readonly string[]) => a.some((name) => b.includes(name))
  return shares(push.models, own.models) || shares(push.environments, own.environments)
}

function markOf(repositoryId: number, pull: number): string {
  return `concerns:${repositoryId}#${pull}`
}
