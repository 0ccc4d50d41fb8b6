import { CONFIGURATION_PATH, type Environment } from '../registry/configuration.ts'
import { modelVariables } from './deployment.ts'
import { servesModels } from './kinds.ts'
import type { SourceFile, Stray } from './manifest.ts'
import { type Manifest, readManifests } from './manifest-reader.ts'
import { shown } from './shown.ts'
import { findText, markIn, type Store, storeNameIn } from './store-names.ts'
import { isManifestPath } from './unread-files.ts'

export interface StraysReading {
  readonly environments: readonly Environment[]
  readonly store: Store
  /** Head contents of the paths that the change adds or modifies, anywhere in the repository. */
  readonly files: ReadonlyMap<string, SourceFile>
}

const OURS = [CONFIGURATION_PATH, 'policies/', 'models/', '.github/']
const TEMPLATES = /\.(jsonnet|libsonnet|tpl|tmpl|gotmpl|j2|cue|hcl|tf)$/i

/** Whether a path outside every environment is looked at: a manifest, or what makes one. */
export function couldServe(path: string): boolean {
  return isManifestPath(path) || TEMPLATES.test(path)
}

/**
 * Changed documents outside every environment that could still decide what is served.
 *
 * A base below an overlay, a values file, a service in a forgotten folder: what bears our mark, serves models by its
 * kind or names something in the artifact store belongs where it is weighed.
 *
 * @returns at most one for each document
 */
export function findStrays({ environments, store, files }: StraysReading): readonly Stray[] {
  const folders = environments.map(({ manifests }) => `${manifests.replace(/\/$/, '')}/`)
  const isElsewhere = (path: string) =>
    !OURS.some((own) => path.startsWith(own)) && !folders.some((folder) => path.startsWith(folder))
  return [...files]
    .filter(([path, { text }]) => text !== null && isElsewhere(path) && couldServe(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, { text }]) => straysOf(path, text!, store, folders))
}

function straysOf(path: string, text: string, store: Store, folders: readonly string[]): readonly Stray[] {
  const reading = isManifestPath(path) ? readManifests(path, text) : null
  const mend = `Move it below ${folders.join(' or ')}, where it is weighed, or take that out.`
  const raw = () => {
    const what = strayText(text, store)
    return what === null ? [] : [{ place: { path, line: 1, column: 1 }, what, mend }]
  }
  if (reading === null || !reading.ok) return raw()
  const found = reading.manifests.flatMap((manifest) => {
    const what = strayManifest(manifest, store)
    return what === null ? [] : [{ place: manifest.place, what, mend }]
  })
  const isUnclear = reading.manifests.some(({ unclear }) => unclear !== null)
  return found.length === 0 && isUnclear ? raw() : found
}

function strayManifest({ apiVersion, kind, value }: Manifest, store: Store): string | null {
  const mark = findText(value, markIn)
  if (mark !== null) return `bears ${shown(mark)} outside every environment`
  const named = findText(value, (text) => storeNameIn(text, store))
  if (named !== null) return `names ${shown(named)} of the artifact store outside every environment`
  const serves = apiVersion !== null && kind !== null && servesModels(apiVersion, kind)
  if (serves || modelVariables(value).length > 0) return `${kind} serves a model outside every environment`
  return null
}

const MODEL_KINDS =
  /["']?kind["']?\s*:\s*["']?(InferenceService|InferenceGraph|TrainedModel|(Cluster)?ServingRuntime|LLMInferenceService|SeldonDeployment|RayService|BentoDeployment)\b/

/** The same of a text that cannot be read into objects: a template, a program. */
function strayText(text: string, store: Store): string | null {
  if (markIn(text) !== null) return 'bears weighbridge.dev/ outside every environment'
  const named = storeNameIn(text, store)
  if (named !== null) return `names ${shown(named)} of the artifact store outside every environment`
  const kind = MODEL_KINDS.exec(text)?.[1]
  return kind === undefined ? null : `makes a ${kind} outside every environment`
}
