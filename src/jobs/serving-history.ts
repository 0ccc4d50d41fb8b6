import type { Repository } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { readFile } from '../registry/file-kind.ts'
import { recordKind } from '../registry/file-kinds.ts'
import { recordPath } from '../registry/record.ts'
import { readDocuments } from './environment-reader.ts'
import { openRegistry } from './registry-reader.ts'

/** Commits that are looked at before the answer is "cannot tell". */
const MOST_COMMITS = 200

/** Facts of first-parent history: what an environment served, as its manifests said. */
export interface ServingHistory {
  /** Whether a version of a model ever stood in an environment's manifests; null when history is too long to tell. */
  served(environment: Environment, model: string, version: string): Promise<boolean | null>
  /** The last version that an environment served of a model before base, when base serves none. */
  lastServed(environment: Environment, model: string): Promise<string | null>
  /** Digest with which (model, version) first landed; null when it never did. */
  firstDigest(model: string, version: string): Promise<string | null>
}

export function openHistory(repository: Repository, base: string, store: Configuration['store']): ServingHistory {
  const versionAt = async (sha: string, environment: Environment, model: string): Promise<string | null> => {
    const snapshot = await repository.snapshot(sha)
    const documents = await readDocuments(snapshot, openRegistry(snapshot), environment, store)
    return documents.find((document) => document.model === model && document.version !== null)?.version ?? null
  }
  return {
    served: async (environment, model, version) => {
      const commits = await repository.history(base, environment.manifests, version)
      for (const sha of commits.slice(0, MOST_COMMITS))
        if ((await versionAt(sha, environment, model)) === version) return true
      return commits.length > MOST_COMMITS ? null : false
    },
    lastServed: async (environment, model) => {
      for (const sha of (await repository.history(base, environment.manifests, model)).slice(0, MOST_COMMITS)) {
        const here = await versionAt(sha, environment, model)
        if (here !== null) return here
        const before = await parentOf(repository, sha)
        const there = before === null ? null : await versionAt(before, environment, model)
        if (there !== null) return there
      }
      return null
    },
    firstDigest: async (model, version) => {
      const path = recordPath(model, version)
      const first = (await repository.history(base, path, 'sha256:')).at(-1)
      if (first === undefined) return null
      const file = (await (await repository.snapshot(first)).read([path])).get(path)
      const reading = file === undefined ? null : readFile(recordKind, path, new TextDecoder().decode(file.bytes))
      return reading?.ok ? reading.value.artifact.digest : null
    },
  }
}

async function parentOf(repository: Repository, sha: string): Promise<string | null> {
  try {
    return await repository.resolve(`${sha}^`)
  } catch {
    return null
  }
}
