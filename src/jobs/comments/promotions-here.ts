import type { ModelScope } from '../../ledger/fact.ts'
import type { Configuration } from '../../registry/configuration.ts'
import { rememberedWeighing } from '../github/remembered-weighing.ts'
import { readPullRequest } from '../pull-request.ts'
import { readChange } from '../read-change.ts'
import { openRegistry } from '../registry-reader.ts'
import type { CommentJob } from './comment-job.ts'
import { modelsLater } from './models-later.ts'

/**
 * What the pull request of a comment promotes: as its checks show it, or read anew where nothing was shown of this head.
 *
 * @returns none under an issue
 */
export async function promotionsHere(job: CommentJob): Promise<readonly ModelScope[]> {
  const { pull, number } = job.thread
  if (pull === null || job.configuration === null) return []
  const shown = rememberedWeighing(job, number, pull.headSha)
  if (shown === null) return promotionsRead(job, number, job.configuration)
  return shown.promotions.map(({ environment, model }) => ({ environment, model }))
}

async function promotionsRead(
  job: CommentJob,
  number: number,
  configuration: Configuration,
): Promise<readonly ModelScope[]> {
  const { host, repository } = job
  const [facts] = await host.pulls(repository, [number])
  if (facts === undefined) return []
  const pull = await readPullRequest(host.open(repository), facts.base.sha, facts.head.sha)
  const models = configuration.registry === undefined ? undefined : modelsLater(job, configuration.registry)
  const [before, after] = [openRegistry(pull.before, models), openRegistry(pull.after, models)]
  const { changes } = await readChange(pull, configuration, before, after)
  return changes.flatMap(({ kind, environment, model }) =>
    (kind === 'promotion' || kind === 'rollback') && environment !== undefined && model !== undefined
      ? [{ environment, model }]
      : [],
  )
}
