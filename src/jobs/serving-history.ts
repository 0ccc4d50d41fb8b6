import { GitFailure } from '../adapters/checkout/git.ts'
import { type Repository, type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { readFile } from '../registry/file-kind.ts'
import { recordKind } from '../registry/file-kinds.ts'
import { recordPath } from '../registry/record.ts'
import { readDocuments } from './environment-reader.ts'
import type { RegistryReader } from './registry-reader.ts'

/** Commits that are looked at before the answer is "cannot tell". */
const MOST_COMMITS = 200

export type LastServed =
  | { readonly status: 'served'; readonly version: string }
  | { readonly status: 'never' | 'unknown' }

/** Facts of first-parent history: what an environment served, as its manifests said. */
export interface ServingHistory {
  /** Whether a version of a model ever stood, bound, in an environment's manifests; null when that can't be told. */
  served(environment: Environment, model: string, version: string): Promise<boolean | null>
  /** The last version that an environment served of a model before base. */
  lastServed(environment: Environment, model: string): Promise<LastServed>
  /** Digest with which (model, version) first landed, null when it never did; `unknown` when that can't be told. */
  firstDigest(model: string, version: string): Promise<{ readonly digest: string | null } | 'unknown'>
  readonly whyUnknown: string
}

export interface HistorySources {
  /** Where environments lie, and its tip. */
  readonly environments: { readonly repository: Repository; readonly sha: string }
  /** Where models lie, and its tip; often the same. */
  readonly models: { readonly repository: Repository; readonly sha: string }
  readonly registryAt: (snapshot: Snapshot) => RegistryReader
  readonly store: Configuration['store']
}

export function openHistory({ environments, models, registryAt, store }: HistorySources): ServingHistory {
  const { repository, sha: base } = environments
  const documentsAt = async (sha: string, environment: Environment, model: string) => {
    const snapshot = await repository.snapshot(sha)
    const only = await pathsThatName(snapshot, environment, model)
    return readDocuments(snapshot, registryAt(snapshot), environment, store, only)
  }
  const commitsOf = (environment: Environment, needle: string) =>
    orUnknown(() => repository.history(base, environment.manifests.replace(/\/$/, ''), needle))
  const versionAt = async (sha: string | null, environment: Environment, model: string): Promise<string | null> => {
    if (sha === null) return null
    const documents = await documentsAt(sha, environment, model)
    return documents.find((document) => document.model === model && document.version !== null)?.version ?? null
  }
  return {
    whyUnknown: `the history at hand is cut short, or has more than ${MOST_COMMITS} commits on it`,
    served: async (environment, model, version) => {
      const commits = await commitsOf(environment, version)
      if (commits === null) return null
      for (const sha of commits.slice(0, MOST_COMMITS)) {
        const documents = await documentsAt(sha, environment, model)
        if (documents.some((one) => one.model === model && one.version === version && one.binding === 'bound'))
          return true
      }
      return commits.length > MOST_COMMITS ? null : false
    },
    lastServed: async (environment, model) => {
      const commits = await commitsOf(environment, model)
      if (commits === null) return { status: 'unknown' }
      for (const sha of commits.slice(0, MOST_COMMITS)) {
        const version =
          (await versionAt(sha, environment, model)) ??
          (await versionAt(await parentOf(repository, sha), environment, model))
        if (version !== null) return { status: 'served', version }
      }
      return { status: commits.length > MOST_COMMITS ? 'unknown' : 'never' }
    },
    firstDigest: (model, version) => firstDigest(models, model, version),
  }
}

async function firstDigest(
  { repository, sha }: HistorySources['models'],
  model: string,
  version: string,
): ReturnType<ServingHistory['firstDigest']> {
  const path = recordPath(model, version)
  const commits = await orUnknown(() => repository.history(sha, path, 'sha256:'))
  const first = commits?.at(-1)
  if (commits === null) return 'unknown'
  if (first === undefined) return { digest: null }
  const file = (await (await repository.snapshot(first)).read([path])).get(path)
  const reading = file === undefined ? null : readFile(recordKind, path, new TextDecoder().decode(file.bytes))
  return { digest: reading?.ok ? reading.value.artifact.digest : null }
}

/** null where the history that is at hand cannot answer. */
async function orUnknown<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Unavailable) return null
    throw error
  }
}

/** Files below an environment that could serve a model, so that an environment of many costs no more than one of few. */
async function pathsThatName(
  snapshot: Snapshot,
  environment: Environment,
  model: string,
): Promise<ReadonlySet<string>> {
  const entries = await snapshot.list(environment.manifests.replace(/\/$/, ''))
  const files = await snapshot.read(entries.map((entry) => entry.path))
  const naming = [...files].filter(([, { bytes }]) => new TextDecoder().decode(bytes).includes(model))
  return new Set(naming.map(([path]) => path))
}

async function parentOf(repository: Repository, sha: string): Promise<string | null> {
  try {
    return await repository.resolve(`${sha}^`)
  } catch (error) {
    if (error instanceof GitFailure) return null
    throw error
  }
}
