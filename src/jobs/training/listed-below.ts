import { Unavailable } from '../../ports.ts'
import type { TrainingJob } from './training-job.ts'
import { withStores } from './with-stores.ts'

/** Objects below a prefix of the repository's stores; none where they cannot be listed: then it begins anew. */
export function listedBelow(job: TrainingJob, prefix: string): Promise<readonly string[]> {
  return withStores(job, async ({ store }) => {
    try {
      return (await store.list(prefix)).map(({ uri }) => uri)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      return []
    }
  })
}
