import type { Environment } from '../registry/configuration.ts'
import type { Place } from '../registry/mistake.ts'
import { bind, type FindRecord } from './binding.ts'
import { servingTargets } from './index.ts'
import { knownKind } from './kinds.ts'
import type { EnvironmentDocument, SourceFile } from './manifest.ts'
import { type Manifest, readManifests } from './manifest-reader.ts'
import { oneObjectEach } from './one-object.ts'
import { shown } from './shown.ts'
import { findText, markIn, type Store, storeNameIn } from './store-names.ts'
import { groupOf } from './target.ts'
import { isManifestPath, unreadFile } from './unread-files.ts'
import { valueAt } from './yaml-value.ts'

export interface EnvironmentReading {
  readonly environment: Environment
  /** Everything below the environment's manifests, links and submodules too; other paths are left out here. */
  readonly files: ReadonlyMap<string, SourceFile>
  readonly store: Store
  readonly findRecord: FindRecord
}

/**
 * Every document of an environment, each bound, neutral, unbound or unresolved.
 *
 * An environment is closed: what is not known to serve nothing, and does not agree with a version record, fails; what
 * the cluster will make of it cannot be told is unresolved.
 *
 * @returns sorted by path, then in the order of the file; nothing for README and the like
 */
export function readEnvironment(reading: EnvironmentReading): readonly EnvironmentDocument[] {
  const { environment, files } = reading
  const folder = environment.manifests.replace(/\/$/, '')
  const below = [...files].filter(([path]) => path === folder || path.startsWith(`${folder}/`))
  below.sort(([a], [b]) => (a < b ? -1 : 1))
  const documents = oneObjectEach(below.flatMap(([path, file]) => documentsOf(path, file, reading)))
  return environment.render === undefined ? documents : [renderDocument(folder, environment.render), ...documents]
}

function renderDocument(folder: string, render: string): EnvironmentDocument {
  const what = `the environment is rendered (render: ${render}), which is not judged by this version`
  const mend = 'Commit plain manifests and leave render: out.'
  return wholeFile({ path: folder, line: 1, column: 1 }, '', { binding: 'unresolved', what, mend })
}

function documentsOf(path: string, file: SourceFile, reading: EnvironmentReading): readonly EnvironmentDocument[] {
  const start = { path, line: 1, column: 1 }
  const unread = unreadFile(path, file.mode)
  if (unread !== null) return [wholeFile(start, file.text ?? '', { binding: 'unresolved', ...unread })]
  if (!isManifestPath(path)) return []
  if (file.text === null) {
    const what = file.because ?? 'could not be read as text'
    const mend = 'Commit a UTF-8 text file of at most 256 KB.'
    return [wholeFile(start, '', { binding: 'unresolved', what, mend })]
  }
  const read = readManifests(path, file.text)
  if (read.ok) return read.manifests.map((manifest) => documentOf(manifest, reading))
  const { place, what, mend, isHostile } = read
  return [wholeFile(place, file.text, { binding: isHostile ? 'unbound' : 'unresolved', what, mend })]
}

const NOTHING_SAID = { target: null, model: null, version: null, uri: null } as const

function wholeFile(place: Place, source: string, judged: Judged): EnvironmentDocument {
  return { place, kind: '', name: '', namespace: null, ...judged, ...NOTHING_SAID, manifest: null, source }
}

function documentOf(manifest: Manifest, reading: EnvironmentReading): EnvironmentDocument {
  const { place, source, kind, name, namespace } = manifest
  const common = { place, kind: kind ?? '', name: name ?? '', namespace, ...NOTHING_SAID, manifest, source }
  const target = servingTargets.find(
    (known) => known.kind === kind && groupOf(known.apiVersion) === groupOf(manifest.apiVersion ?? ''),
  )
  const refused = unreadable(manifest) ?? null
  if (refused !== null) return { ...common, ...refused }
  const neutral = neutrality(manifest, reading)
  if (neutral !== null) return { ...common, ...neutral }
  if (target === undefined) return { ...common, ...otherKind(manifest) }
  if (target.apiVersion !== manifest.apiVersion) {
    const what = `${shown(manifest.apiVersion)} is a version of ${kind} that is not judged by this version`
    return { ...common, binding: 'unresolved', what, mend: `Write apiVersion: ${target.apiVersion}.` }
  }
  if (source.includes('{{')) return { ...common, ...TEMPLATE }
  return { ...common, target: target.name, ...bind(manifest, target, reading.findRecord) }
}

type Judged = Pick<EnvironmentDocument, 'binding' | 'what' | 'mend'>

const TEMPLATE: Judged = {
  binding: 'unresolved',
  what: 'holds {{, as Helm templates do, which say nothing until they are rendered',
  mend: 'Commit the rendered manifest.',
}

function unreadable({ unclear, place, apiVersion, kind, value }: Manifest): (Judged & { place: Place }) | null {
  if (unclear !== null) {
    const mend = 'Write it out plainly: each key once, no %, & or * where it is read.'
    return { binding: 'unresolved', what: unclear.because, mend, place: unclear.place }
  }
  if (apiVersion !== null && kind !== null) {
    if (!kind.endsWith('List') || valueAt(value, ['items']) === undefined) return null
    return { binding: 'unresolved', what: 'is a list whose items are none', mend: 'Write items: as a list.', place }
  }
  const mend = 'Give it apiVersion and kind, or keep it outside this folder.'
  return { binding: 'unresolved', what: 'has no apiVersion and kind, so it is part of something else', mend, place }
}

/** Null for what may serve: a kind that is not neutral and not listed as such. */
function neutrality(manifest: Manifest, { environment, store }: EnvironmentReading): Judged | null {
  const { apiVersion, kind, name, value } = manifest
  const listed = (environment.neutral ?? []).some((entry) => entry.kind === kind && entry.name === name)
  if (!listed && knownKind(apiVersion!, kind!) !== 'neutral') return null
  const metadata = ['labels', 'annotations'].map((part) => valueAt(value, ['metadata', part]) ?? null)
  const mark = findText(metadata, markIn)
  const called = listed ? `it is listed under neutral: of ${environment.name}` : `a ${kind} serves no model`
  if (mark !== null) {
    return {
      binding: 'unbound',
      what: `bears ${shown(mark)}, and ${called}`,
      mend: 'Take our label and annotation away.',
    }
  }
  const stored = findText(value, (text) => storeNameIn(text, store))
  if (stored === null) return { binding: 'neutral', what: called, mend: '' }
  const what = `names ${shown(stored)} of the artifact store, and ${called}`
  return { binding: 'unbound', what, mend: 'Name artifacts only in the field of the object that serves them.' }
}

function otherKind({ apiVersion, kind, name }: Manifest): Judged {
  const known = knownKind(apiVersion!, kind!)
  const list = `List {kind: ${kind}, name: ${name ?? '...'}} under neutral: of the environment if it serves no model.`
  if (known === 'later') {
    return { binding: 'unresolved', what: `${kind} serves models and is not judged by this version`, mend: list }
  }
  if (known === 'elsewhere') {
    const mend = 'Keep it outside this folder, and the manifests that it brings in inside.'
    return { binding: 'unresolved', what: `${kind} brings in manifests that stand elsewhere`, mend }
  }
  const targets = servingTargets.map((target) => target.kind).join(', ')
  const does =
    known === 'serves' ? 'runs pods or routes to a model' : `(${shown(apiVersion)}) is not known to serve nothing`
  return {
    binding: 'unbound',
    what: `${kind} ${does}, and no version is bound to it`,
    mend: `${list} Versions are bound to ${targets}.`,
  }
}
