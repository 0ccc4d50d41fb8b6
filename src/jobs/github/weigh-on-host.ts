import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { CheckDocument } from '../../report/check-document.ts'
import { withMemory } from '../ask-github.ts'
import { documentOf } from '../document-of.ts'
import type { GatherPorts } from '../evidence-ports.ts'
import type { GitHubSide } from '../github-side.ts'
import type { ModelSource } from '../model-source.ts'
import { NO_EVIDENCE, refusingStore } from '../refusing-ports.ts'
import { type Weighed, weigh } from '../weigh.ts'
import { hostHistory } from './host-history.ts'
import type { RepositoryJob } from './job-context.ts'
import { modelRepository, modelSourceIn } from './model-repository.ts'
import { operatorPolicy } from './operator-policy.ts'
import { withWeighingPorts } from './with-weighing-ports.ts'

/** What is weighed: a head on a base, both by SHA, for a pull request or for what has landed. */
export interface WeighingAsk {
  readonly base: string
  readonly head: string
  readonly side: GitHubSide
  /** Nothing of a fork is fetched, opened or run. */
  readonly isFork: boolean
  /** ISO 8601; the moment that time rules are judged at. */
  readonly now: string
}

export interface HostWeighing {
  readonly weighed: Weighed
  readonly document: CheckDocument
}

/** Weighs two commits of a hosted repository; stores and children are opened only when something is promoted. */
export async function weighOnHost(job: RepositoryJob, ask: WeighingAsk): Promise<HostWeighing> {
  const { host, repository, shipped } = job
  let models: HostedRepository = repository
  const openModels = async (registry: NonNullable<Configuration['registry']>): Promise<ModelSource | null> => {
    const found = await modelRepository(job, registry.repository)
    if (found === null) return null
    models = found
    return modelSourceIn(job, found, registry)
  }
  const { base, head, now } = ask
  const side = withMemory(ask.side)
  const weighed = await withWeighingPorts(
    job,
    () => models,
    (openPorts) =>
      weigh({
        repository: host.open(repository),
        base,
        head,
        now,
        skip: [],
        audience: 'shared',
        shipped,
        openModels,
        openCentral: () => operatorPolicy(job),
        openPorts: async (configuration) => {
          const granted = await openPorts(configuration)
          return ask.isFork ? withoutStores(granted) : granted
        },
        openHistory: hostHistory(side),
        github: side,
      }),
  )
  const here = `${repository.owner}/${repository.name}`
  return { weighed, document: documentOf({ weighed, now, here, warnings: [] }) }
}

/** Ports that reach nothing: no bytes of a fork's records, and nothing that was computed for others. */
function withoutStores(ports: GatherPorts): GatherPorts {
  const mend = 'A maintainer pushes the branch to this repository and opens the pull request from there.'
  const store = refusingStore('nothing is fetched for a pull request from a fork', mend)
  return { ...ports, store, evidence: NO_EVIDENCE }
}
