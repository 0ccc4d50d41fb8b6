import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { GatherPorts } from '../evidence-ports.ts'
import type { RepositoryJob, WeighingPorts } from './job-context.ts'

export type OpenPorts = (configuration: Configuration) => Promise<GatherPorts>

/**
 * Does something with stores, tables and children, which are opened when it asks for them and closed when it has ended.
 *
 * @param home  repository that `file:` URIs of records start in, once that is known
 */
export async function withWeighingPorts<Value>(
  { grounds, repository }: Pick<RepositoryJob, 'grounds' | 'repository'>,
  home: () => HostedRepository,
  act: (openPorts: OpenPorts) => Promise<Value>,
): Promise<Value> {
  const opened: WeighingPorts[] = []
  try {
    return await act((configuration) => {
      const ports = grounds.weighing(repository, home())
      opened.push(ports)
      return ports.openPorts(configuration)
    })
  } finally {
    for (const ports of opened) await ports.close()
  }
}
