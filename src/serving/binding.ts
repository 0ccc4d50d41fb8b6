import type { DocumentPath } from '../registry/dotted-path.ts'
import { NAME, VERSION } from '../registry/names.ts'
import { recordPath, type VersionRecord } from '../registry/record.ts'
import { type ManifestDocument, MODEL_LABEL, VERSION_ANNOTATION } from './manifest.ts'
import type { Field } from './manifest-field.ts'
import type { Manifest } from './manifest-reader.ts'
import { shown } from './shown.ts'
import type { ArtifactField, ServingTarget } from './target.ts'

/** The record of a version; undefined when there is none that can be read. */
export type FindRecord = (model: string, version: string) => VersionRecord | undefined

/** What a document says that it serves, and whether that holds. */
export type Bound = Pick<ManifestDocument, 'binding' | 'what' | 'mend' | 'model' | 'version' | 'uri'>

const LABEL_PATH = ['metadata', 'labels', MODEL_LABEL]
export const VERSION_PATH: DocumentPath = ['metadata', 'annotations', VERSION_ANNOTATION]

/**
 * Whether label, annotation, artifact field and version record agree.
 *
 * @returns `bound`, or `unbound` with both values that differ, or `unresolved` when readers differ on one of them
 */
export function bind(manifest: Manifest, target: ServingTarget, findRecord: FindRecord): Bound {
  const artifact = target.artifactField(manifest)
  const label = manifest.field(LABEL_PATH)
  const annotation = manifest.field(VERSION_PATH)
  const uri = artifact.is === 'at' ? manifest.field(artifact.path) : null
  const said: Said = { model: textOf(label), version: textOf(annotation), uri: textOf(uri) }
  const nameless = manifest.name === null ? unbound('has no metadata.name', 'Name the object.') : null
  const judged = unclear(artifact, [label, annotation, uri]) ?? nameless ?? missing(said, artifact)
  return { ...(judged ?? agreement(said as Complete, findRecord)), ...usable(said) }
}

/** What is no name, version or URI at all is shown in the reason and kept from whoever looks things up by it. */
function usable({ model, version, uri }: Said): Said {
  return {
    model: model !== null && NAME.test(model) ? model : null,
    version: version !== null && isVersion(version) ? version : null,
    uri: uri !== null && uri.length <= 1024 ? uri : null,
  }
}

function isVersion(text: string): boolean {
  return text.length <= 64 && VERSION.test(text)
}

function unclear(artifact: ArtifactField, fields: readonly (Field | null)[]): Judged | null {
  const reasons = fields.filter((field) => field?.is === 'unclear').map((field) => field.because)
  if (artifact.is === 'unclear') reasons.push(artifact.because)
  if (reasons.length === 0) return null
  const plainly = 'Write label, annotation and artifact as plain text of their own.'
  const mend = artifact.is === 'unclear' ? artifact.mend : plainly
  return { binding: 'unresolved', what: reasons.join('; '), mend }
}

interface Said {
  readonly model: string | null
  readonly version: string | null
  readonly uri: string | null
}
type Complete = Readonly<Record<keyof Said, string>>
type Judged = Pick<Bound, 'binding' | 'what' | 'mend'>

function textOf(field: Field | null): string | null {
  return field?.is === 'text' ? field.text : null
}

function unbound(what: string, mend: string): Judged {
  return { binding: 'unbound', what, mend }
}

function missing(said: Said, artifact: ArtifactField): Judged | null {
  const named = said.uri === null ? '' : ` and names ${shown(said.uri)}`
  if (said.model === null) {
    const mend = `Add the label and the annotation ${VERSION_ANNOTATION}, or list the object under neutral: of the environment.`
    return unbound(`bears no label ${MODEL_LABEL}${named}`, mend)
  }
  if (said.version === null) {
    return unbound(
      `bears the label ${MODEL_LABEL}: ${shown(said.model)} and no annotation ${VERSION_ANNOTATION}`,
      'Add the annotation.',
    )
  }
  if (artifact.is === 'absent') return unbound(artifact.because, artifact.mend)
  return said.uri === null ? unbound('its artifact field is empty', "Write the artifact's URI there.") : null
}

function agreement(said: Complete, findRecord: FindRecord): Judged {
  const { model, version, uri } = said
  if (!NAME.test(model)) {
    return unbound(
      `the label ${MODEL_LABEL}: ${shown(model)} is no model name`,
      'Write the name of a model below models/.',
    )
  }
  if (!isVersion(version)) {
    const mend = 'Write a semantic version such as 1.4.0.'
    return unbound(`the annotation ${VERSION_ANNOTATION}: ${shown(version)} is no version`, mend)
  }
  const record = findRecord(model, version)
  if (record === undefined || record.model !== model || record.version !== version) {
    const what = `label and annotation say ${model} ${version}, and ${recordPath(model, version)} is no record that can be read`
    return unbound(what, 'Name a version that is recorded, or add its record.')
  }
  if (namesArtifact(uri, record)) return { binding: 'bound', what: `serves ${model} ${version}`, mend: '' }
  const what = `the artifact field says ${shown(uri)}, and the record of ${model} ${version} says ${shown(record.artifact.uri)}`
  return unbound(what, `Write ${shown(record.artifact.uri)}, or name the version whose artifact you meant.`)
}

/**
 * Whether a URI is that of a record's artifact, or its direct parent where nothing but the record's files lies.
 *
 * Other files of a folder are never weighed, so the parent counts only when the record lists what lies in it, the
 * artifact itself among them with its own digest. A folder may end in a slash or not.
 */
export function namesArtifact(uri: string, { artifact, files }: Pick<VersionRecord, 'artifact' | 'files'>): boolean {
  if (uri === artifact.uri) return true
  if (files === undefined) return false
  const slash = artifact.uri.lastIndexOf('/')
  const own = files.find(({ path, digest }) => path === artifact.uri.slice(slash + 1) && digest === artifact.digest)
  const folder = own === undefined ? artifact.uri : artifact.uri.slice(0, slash)
  return withoutSlash(uri) === withoutSlash(folder)
}

function withoutSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri
}
