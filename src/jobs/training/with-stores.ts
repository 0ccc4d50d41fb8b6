import { Unavailable } from '../../ports.ts'
import type { GatherPorts } from '../evidence-ports.ts'
import { configurationNow } from './configuration-now.ts'
import type { TrainingJob } from './training-job.ts'

/**
 * Does something with the stores that the configuration names and the operator grants, and closes them.
 *
 * @throws {Unavailable} when there is no configuration
 */
export async function withStores<Value>(job: TrainingJob, act: (ports: GatherPorts) => Promise<Value>): Promise<Value> {
  const configuration = configurationNow(job)
  if (configuration === null)
    throw new Unavailable('missing', '.github/weighbridge.yml is absent or has mistakes', 'Mend it.')
  const ports = job.grounds.weighing(job.repository, job.repository)
  try {
    return await act(await ports.openPorts(configuration))
  } finally {
    await ports.close()
  }
}
