import type { Policy } from '../policy/policy.ts'
import { policyKind } from '../policy/policy-file.ts'
import type { Snapshot } from '../ports.ts'
import { CONFIGURATION_PATH, type Configuration } from '../registry/configuration.ts'
import { type FileKind, type FileReading, readFile } from '../registry/file-kind.ts'
import { configurationKind, modelKind, recordKind } from '../registry/file-kinds.ts'
import type { Model } from '../registry/model.ts'
import { modelPath, recordPath, type VersionRecord } from '../registry/record.ts'
import { readSourceText } from '../registry/source-text.ts'

/** A file that is there, read; null when it is absent. */
export type Read<T> = FileReading<T> | null

/** The registry's files at one snapshot, each read at most once and only when asked for. */
export interface RegistryReader {
  readonly snapshot: Snapshot
  configuration(): Promise<Read<Configuration>>
  model(model: string): Promise<Read<Model>>
  record(model: string, version: string): Promise<Read<VersionRecord>>
  /** All policies of `policies/`, by path. */
  policies(): Promise<ReadonlyMap<string, FileReading<Policy>>>
  /** One of them. */
  policy(path: string): Promise<Read<Policy>>
  modelPolicy(model: string): Promise<Read<Policy>>
  /** Versions of a model by their file names, whatever the files hold. */
  versions(model: string): Promise<readonly string[]>
}

export function modelPolicyPath(model: string): string {
  return `models/${model}/policy.yml`
}

/**
 * @param snapshot  configuration, policies and, in most repositories, everything else
 * @param models    where `models/` lies, when that is another repository
 */
export function openRegistry(snapshot: Snapshot, models: Snapshot = snapshot): RegistryReader {
  const own = memory(snapshot)
  const registry = models === snapshot ? own : memory(models)
  return {
    snapshot,
    configuration: () => own(configurationKind, CONFIGURATION_PATH),
    model: (model) => registry(modelKind, modelPath(model)),
    record: (model, version) => registry(recordKind, recordPath(model, version)),
    policy: (path) => own(policyKind, path),
    modelPolicy: (model) => registry(policyKind, modelPolicyPath(model)),
    policies: async () => {
      const paths = (await snapshot.list('policies'))
        .map((entry) => entry.path)
        .filter((path) => /^policies\/[^/]+\.ya?ml$/.test(path))
      const readings = await Promise.all(paths.map((path) => own(policyKind, path)))
      return new Map(paths.flatMap((path, index) => (readings[index] ? [[path, readings[index]] as const] : [])))
    },
    versions: async (model) =>
      (await models.list(`models/${model}/versions`)).flatMap((entry) => /\/([^/]+)\.yml$/.exec(entry.path)?.[1] ?? []),
  }
}

function memory(snapshot: Snapshot) {
  const memo = new Map<string, Promise<Read<unknown>>>()
  return <T>(kind: FileKind<T>, path: string): Promise<Read<T>> => {
    const known = memo.get(path) ?? readAt(snapshot, kind, path)
    memo.set(path, known)
    return known as Promise<Read<T>>
  }
}

async function readAt<T>(snapshot: Snapshot, kind: FileKind<T>, path: string): Promise<Read<T>> {
  const file = (await snapshot.read([path])).get(path)
  if (file === undefined) return null
  const source = readSourceText(path, file.bytes, file.mode)
  return source.ok ? readFile(kind, path, source.text) : { ok: false, mistakes: source.mistakes }
}
