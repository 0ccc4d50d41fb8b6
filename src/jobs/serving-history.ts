import { GitFailure } from '../adapters/checkout/git.ts'
import { type Repository, type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { readFile } from '../registry/file-kind.ts'
import { recordKind } from '../registry/file-kinds.ts'
import { modelPath, recordPath } from '../registry/record.ts'
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
  /** All of the configuration. */
  readonly configured: Configuration['environments']
  readonly store: Configuration['store']
}

/** The version of a model that stands, bound, in an environment at base tip; null when none does. */
export async function standingVersion(
  sources: HistorySources,
  environment: Environment,
  model: string,
): Promise<string | null> {
  const documents = await documentsAt(sources, { sha: sources.environments.sha, environment, model })
  return documents.find((one) => one.model === model && one.binding === 'bound')?.version ?? null
}

async function documentsAt(
  { environments, registryAt, store }: HistorySources,
  at: { readonly sha: string; readonly environment: Environment; readonly model: string },
) {
  const snapshot = await environments.repository.snapshot(at.sha)
  const only = await pathsThatName(snapshot, at.environment, at.model)
  return readDocuments(snapshot, registryAt(snapshot), at.environment, store, only)
}

export function openHistory(sources: HistorySources): ServingHistory {
  const { environments, models } = sources
  const { repository, sha: base } = environments
  /** Nothing is bound before the file that it is bound to. */
  const since = (path: string) => (models.repository === repository ? path : undefined)
  const commitsOf = (environment: Environment, needle: string, path: string) =>
    orUnknown(() => repository.history(base, environment.manifests.replace(/\/$/, ''), needle, since(path)))
  const versionAt = async (sha: string | null, environment: Environment, model: string): Promise<string | null> => {
    if (sha === null) return null
    const documents = await documentsAt(sources, { sha, environment, model })
    return documents.find((document) => document.model === model && document.version !== null)?.version ?? null
  }
  return {
    whyUnknown: `the history at hand is cut short, or has more than ${MOST_COMMITS} commits on it`,
    served: async (environment, model, version) => {
      const commits = await commitsOf(environment, version, recordPath(model, version))
      if (commits === null) return null
      for (const sha of commits.slice(0, MOST_COMMITS)) {
        const documents = await documentsAt(sources, { sha, environment, model })
        if (documents.some((one) => one.model === model && one.version === version && one.binding === 'bound'))
          return true
      }
      return commits.length > MOST_COMMITS ? null : false
    },
    lastServed: async (environment, model) => {
      const commits = await commitsOf(environment, model, modelPath(model))
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
