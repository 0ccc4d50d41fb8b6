import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openEvidence } from '../adapters/evidence/evidence-store.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openModelRunner } from '../adapters/onnx/model-runner.ts'
import { openGrantedStore, repositoryFolder } from '../adapters/operator/granted-store.ts'
import type { OperatorFile } from '../adapters/operator/operator-file.ts'
import { appSealKeys } from '../adapters/operator/seal-keys.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { LIMITS } from '../jobs/checkout-ports.ts'
import type { GatherPorts } from '../jobs/evidence-ports.ts'
import type { EvidencePlace, Grounds, WeighingPorts } from '../jobs/github/job-context.ts'
import { NO_EVIDENCE, refusingStore } from '../jobs/refusing-ports.ts'
import {
  evidencePrefix,
  type Grant,
  grantOf,
  holdsPolicies,
  mayReadModels,
  narrowedStores,
  policyLocation,
} from '../operator/grant.ts'
import type { HostedRepository } from '../ports/pull-now.ts'
import { Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'

export interface GroundsOptions {
  readonly operator: OperatorFile
  /** The app's own folder: keys that it makes, and evidence where no store is granted. */
  readonly home: string
  /** What `file:` lies below, a folder for each repository; null: no files are served. */
  readonly fileRoot: string | null
  /** Class of this machine, for latency limits in milliseconds. */
  readonly runnerClass: string | null
}

/**
 * Stores by the operator's grant. Evidence lies where no record can point, sealed by the app's own keys: what a
 * checkout or a workflow has cached is never read here.
 */
export function openGrounds(options: GroundsOptions): Grounds {
  return {
    weighing: (repository, models) => weighingPorts(options, repository, models),
    evidence: (repository) => evidencePlace(options, repository),
    isGranted: (repository) => granted(options, repository) !== null,
    mayReadModels: (repository, name) => {
      const grant = granted(options, repository)
      return grant !== null && mayReadModels(grant, name)
    },
    policyFor: ({ owner, name }) => policyLocation(options.operator.current(), `${owner}/${name}`),
    holdsPolicies: ({ owner, name }) => holdsPolicies(options.operator.current(), `${owner}/${name}`),
  }
}

function granted({ operator }: GroundsOptions, { owner, name }: HostedRepository): Grant | null {
  return grantOf(operator.current(), `${owner}/${name}`)
}

/** Why nothing is fetched or kept for a repository that the operator did not name. */
const NOTHING_GRANTED = {
  message: 'the operator of this app grants the repository nothing',
  mend: 'Ask the operator of the app to add the repository to WEIGHBRIDGE_OPERATOR.',
} as const

function evidencePlace(options: GroundsOptions, repository: HostedRepository): EvidencePlace {
  const grant = granted(options, repository)
  if (grant === null) throw new Unavailable('missing', NOTHING_GRANTED.message, NOTHING_GRANTED.mend)
  const prefix = evidencePrefix(grant, repository.id)
  const folder = prefix.startsWith('file:') ? evidenceFolder(options.home) : null
  return { store: openGrantedStore({ prefixes: [{ prefix, roleArn: null }], folder }), prefix }
}

/** One for all repositories: the prefix tells them apart by id, so that a new name or owner loses no ledger. */
function evidenceFolder(home: string): string {
  const folder = join(home, 'files')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Opened at the first promotion, and once; a change with nothing of ours opens nothing. */
function weighingPorts(options: GroundsOptions, repository: HostedRepository, models: HostedRepository): WeighingPorts {
  let opened: Promise<GatherPorts> | null = null
  const endings: (() => Promise<void>)[] = []
  const open = async (configuration: Configuration): Promise<GatherPorts> => {
    const folder = openJobFolder()
    endings.push(async () => folder.close())
    const tables = openTables({ folder: folder.path })
    endings.push(() => tables.close())
    return {
      ...storesOf(options, repository, { models, configuration }),
      tables,
      runner: openModelRunner(),
      folder: folder.path,
      engine: engineName(),
      limits: LIMITS,
      runnerClass: options.runnerClass,
      progress: () => undefined,
    }
  }
  return {
    openPorts: (configuration) => {
      opened ??= open(configuration)
      return opened
    },
    close: async () => {
      await opened?.catch(() => undefined)
      for (const end of endings.reverse()) await end()
    },
  }
}

/** What is left of the configured stores, and the cache; of a repository without a grant neither. */
function storesOf(
  options: GroundsOptions,
  repository: HostedRepository,
  of: { readonly models: HostedRepository; readonly configuration: Configuration },
): Pick<GatherPorts, 'store' | 'evidence' | 'registrations'> {
  const grant = granted(options, repository)
  if (grant === null)
    return { store: refusingStore(NOTHING_GRANTED.message, NOTHING_GRANTED.mend), evidence: NO_EVIDENCE }
  const { owner, name } = of.models
  const store = openGrantedStore({
    prefixes: narrowedStores(grant, of.configuration.store).prefixes,
    folder: options.fileRoot === null ? null : repositoryFolder(options.fileRoot, owner, name),
  })
  const seal = appSealKeys(options.operator.current(), options.home)
  const evidenceOf = (of: HostedRepository) => openEvidence({ ...evidencePlace(options, of), seal })
  const evidence = evidenceOf(repository)
  if (of.models.id === repository.id) return { store, evidence }
  // models are trained where they lie, and the app tells there what it saw of it
  const isGranted = granted(options, of.models) !== null
  return { store, evidence, registrations: isGranted ? evidenceOf(of.models) : NO_EVIDENCE }
}
