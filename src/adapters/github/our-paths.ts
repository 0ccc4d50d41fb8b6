import { CONFIGURATION_PATH, type Configuration } from '../../registry/configuration.ts'
import { readFile } from '../../registry/file-kind.ts'
import { configurationKind } from '../../registry/file-kinds.ts'
import { classifyPath } from '../../registry/registry-path.ts'
import { liesIn, plainFolder } from '../../registry/repository-path.ts'
import type { ContentMemory } from './content-memory.ts'
import type { NamedVersion } from './patch.ts'
import type { Wish } from './wish.ts'

/** Manifests, and what manifests are made of: they are looked at wherever they lie. */
const COULD_SERVE = /\.(ya?ml|json|jsonnet|libsonnet|tpl|tmpl|gotmpl|j2|cue|hcl|tf)$/i
const MODEL = /^models\/([a-z0-9-]+)\//
/** Of what a pull request names, only so much is read ahead; the rest when it is asked for. */
const MOST_AHEAD = 20

/** What is known of the configuration at a commit: not read, not there or not readable, or its environments. */
export type KnownConfiguration = Pick<Configuration, 'environments' | 'registry'> | null | undefined

export function configurationAt(memory: ContentMemory, sha: string): KnownConfiguration {
  const entry = memory.entry(sha, CONFIGURATION_PATH)
  const bytes = entry === undefined || entry === null ? entry : memory.blob(entry.oid)
  if (bytes === undefined || bytes === null) return bytes
  const reading = readFile(configurationKind, CONFIGURATION_PATH, new TextDecoder().decode(bytes))
  return reading.ok ? reading.value : undefined
}

/** Whether a path may concern us. Without a configuration at hand, every path may. */
export function mayBeOurs(path: string, configuration: KnownConfiguration): boolean {
  return configuration === undefined || COULD_SERVE.test(path) || classifyPath(path, configuration).kind !== 'other'
}

/** What a weighing of these paths is going to read at base: policies, the environments and the models concerned. */
export function groundsOf(base: string, paths: readonly string[], configuration: KnownConfiguration): readonly Wish[] {
  const folder = (path: string): Wish => ({ kind: 'folder', sha: base, path, withText: true })
  return [
    { kind: 'entry', sha: base, path: CONFIGURATION_PATH, withText: true },
    folder('policies'),
    ...environmentFolders(paths, configuration).map(folder),
    ...modelsIn(paths)
      .slice(0, MOST_AHEAD)
      .flatMap((model) => modelFiles(base, model)),
  ]
}

/** Folders of the environments concerned, and of those that must have been lived in before; while the configuration is not known, those where manifests changed. */
function environmentFolders(paths: readonly string[], configuration: KnownConfiguration): readonly string[] {
  if (configuration !== undefined)
    return withEarlier(configuration?.environments ?? [], paths).map(({ manifests }) => plainFolder(manifests))
  const manifests = paths.filter((path) => COULD_SERVE.test(path) && !/^(models|policies|\.github)\//.test(path))
  const folders = manifests.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  return [...new Set(folders)].filter((folder) => folder !== '').slice(0, 3)
}

function withEarlier(environments: Configuration['environments'], paths: readonly string[]) {
  const concerned = environments.filter(({ manifests }) => paths.some((path) => liesIn(manifests, path)))
  const earlier = environments.filter(({ name }) => concerned.some(({ after }) => after === name))
  return [...new Set([...concerned, ...earlier])]
}

export function modelsIn(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => MODEL.exec(path)?.[1] ?? []))]
}

/** A model's own files and the names of its versions. */
export function modelFiles(sha: string, model: string): readonly Wish[] {
  return [
    { kind: 'entry', sha, path: `models/${model}/model.yml`, withText: true },
    { kind: 'entry', sha, path: `models/${model}/policy.yml`, withText: true },
    { kind: 'folder', sha, path: `models/${model}/versions`, withText: false },
  ]
}

/** Files of the models and versions that a diff names, before anything of it was read. */
export function filesNamed(
  sha: string,
  named: readonly NamedVersion[],
  configuration: KnownConfiguration,
): readonly Wish[] {
  if (configuration?.registry !== undefined) return []
  const models = [...new Set(named.map(({ model }) => model))].slice(0, MOST_AHEAD)
  const records = named.slice(0, MOST_AHEAD).map(({ model, version }) => recordOf(sha, model, version))
  return [...models.flatMap((model) => modelFiles(sha, model)), ...records]
}

/** Records that manifests may name: a guess from their text, which costs nothing when it is wrong. */
export function recordsNamedIn(texts: readonly string[], sha: string, model: string): readonly Wish[] {
  const naming = texts.filter((text) => text.includes(model))
  const versions = naming.flatMap((text) =>
    [...text.matchAll(/weighbridge\.dev\/version["']?\s*:\s*["']?([0-9][0-9A-Za-z.-]*)/g)].map(
      ([, version]) => version,
    ),
  )
  return [...new Set(versions)].slice(0, MOST_AHEAD).map((version) => recordOf(sha, model, version ?? ''))
}

/** Parents that added records name. */
export function parentsIn(
  records: readonly { readonly path: string; readonly text: string }[],
  sha: string,
): readonly Wish[] {
  return records.slice(0, MOST_AHEAD).flatMap(({ path, text }) => {
    const model = /^models\/([a-z0-9-]+)\/versions\//.exec(path)?.[1]
    const version = /^parent:\s*["']?([0-9][0-9A-Za-z.-]*)/m.exec(text)?.[1]
    return model === undefined || version === undefined ? [] : [recordOf(sha, model, version)]
  })
}

function recordOf(sha: string, model: string, version: string): Wish {
  return { kind: 'entry', sha, path: `models/${model}/versions/${version}.yml`, withText: true }
}
