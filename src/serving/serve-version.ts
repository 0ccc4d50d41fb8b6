import type { VersionRecord } from '../registry/record.ts'
import { artifactUri } from './artifact-uri.ts'
import { VERSION_PATH } from './binding.ts'
import { type EditedText, editField } from './edit-field.ts'
import { servingTargets } from './index.ts'
import type { EnvironmentDocument } from './manifest.ts'
import { manifestMistakes } from './manifest-mistakes.ts'
import { type Manifest, readManifests } from './manifest-reader.ts'

export interface ServeVersion {
  /** Whole text of the file that the object stands in. */
  readonly text: string
  /** Bound, and read from that text. */
  readonly document: EnvironmentDocument
  /** What it shall serve. */
  readonly record: VersionRecord
  /** Record of what it serves; null when it cannot be read. */
  readonly served: VersionRecord | null
}

/**
 * A manifest file that serves another version: its annotation and its artifact field changed, nothing else.
 *
 * @returns the file's new text, or the place and the reason why it was left as it is: the object is not bound, cannot be
 * spliced, or is not what the schema of its kind allows
 */
export function serveVersion({ text, document, record, served }: ServeVersion): EditedText {
  const { place } = document
  const refuse = (what: string, mend: string): EditedText => ({ ok: false, place, what, mend })
  if (document.binding !== 'bound') return refuse(document.what, document.mend)
  if (document.model !== record.model) return refuse(`serves ${document.model}, not ${record.model}`, 'Name its model.')
  const found = objectIn(text, document)
  const target = servingTargets.find(({ name }) => name === document.target)
  if (found === null || target === undefined) return refuse('is no object of that file any more', 'Read it again.')
  const artifact = target.artifactField(found.manifest)
  if (artifact.is !== 'at') return refuse(artifact.because, artifact.mend)
  const at = { path: place.path, object: found.object }
  const first = editField({ ...at, text, field: VERSION_PATH, value: record.version })
  if (!first.ok) return first
  const uri = artifactUri(document.uri ?? '', served, record)
  const second = editField({ ...at, text: first.text, field: artifact.path, value: uri })
  return second.ok ? validated(second.text, document, found.object) : second
}

function objectIn(text: string, { place }: EnvironmentDocument): { manifest: Manifest; object: number } | null {
  const read = readManifests(place.path, text)
  if (!read.ok) return null
  const object = read.manifests.findIndex((one) => one.place.line === place.line && one.place.column === place.column)
  return object < 0 ? null : { manifest: read.manifests[object]!, object }
}

/** The edited object by the schema of its kind: whoever changes it answers for all of it. */
function validated(text: string, document: EnvironmentDocument, object: number): EditedText {
  const read = readManifests(document.place.path, text)
  const manifest = read.ok ? read.manifests[object] : undefined
  if (manifest === undefined) return { ok: false, place: document.place, what: 'cannot be read again', mend: '' }
  const [first] = manifestMistakes({ ...document, manifest })
  if (first === undefined) return { ok: true, text }
  const { path, line, column, where, what, mend } = first
  return { ok: false, place: { path, line, column }, what: where === '' ? what : `${where}: ${what}`, mend }
}
