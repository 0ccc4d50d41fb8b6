import { ROLL_UP } from '../../checks/check-names.ts'
import { isOurs } from '../../checks/weighing.ts'
import type { RepositoryJob } from './job-context.ts'
import type { WeighedPull } from './weighed-pull.ts'

/** How long an answer is believed: rules of a branch seldom change, and a check that stands tells it by itself. */
const BELIEVED_MS = 600_000

/**
 * The same weighings, with whether anything asks for our check. GitHub tells it with a check that stands; before there is
 * one the branch is asked, so that the first text need not be written again.
 */
export async function withRequired(
  job: RepositoryJob,
  weighings: readonly WeighedPull[],
): Promise<readonly WeighedPull[]> {
  if (!isOurs(weighings)) return weighings
  return Promise.all(
    weighings.map(async (one) => {
      if (one.now.isRequired !== null) return one
      return { ...one, now: { ...one.now, isRequired: await requiredOn(job, one.baseRef) } }
    }),
  )
}

async function requiredOn({ host, repository, inbox, clock }: RepositoryJob, ref: string): Promise<boolean | null> {
  const mark = `required:${repository.id}:${ref}`
  const [at, known] = inbox.mark(mark)?.split(' ') ?? []
  if (known !== undefined && clock.now() - Number(at) < BELIEVED_MS) return known === 'null' ? null : known === 'true'
  const answer = await host.requiresCheck(repository, ref, ROLL_UP)
  inbox.setMark(mark, `${clock.now()} ${answer}`)
  return answer
}
