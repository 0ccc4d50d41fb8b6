import type { Configuration } from '../../registry/configuration.ts'
import { governedBranches } from '../github/governed-branches.ts'
import type { TrainingJob } from './training-job.ts'

/** The configuration at the tip of the default branch; null where there is none, or it has mistakes. */
export function configurationNow({ now }: Pick<TrainingJob, 'now'>): Configuration | null {
  return governedBranches(now.configuration, now.defaultBranch, []).configuration
}
