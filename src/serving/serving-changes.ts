import type { Change } from '../registry/change.ts'
import { VERSION_PATH } from './binding.ts'
import { servingTargets } from './index.ts'
import type { EnvironmentDocument } from './manifest.ts'
import { isSameObject } from './one-object.ts'
import { servedModel } from './served-version.ts'
import { cut } from './shown.ts'
import { type ServingChangesReading, unservedChanges } from './unserved-changes.ts'
import { diffValues, type FieldChange, replacedAt } from './value-diff.ts'
import type { YamlValue } from './yaml-value.ts'

/**
 * What a change does to what an environment serves.
 *
 * Objects are paired by the model that they serve, the others by kind and name: text, order of keys, comments and
 * the file that something stands in do not count. A document that fails or cannot be resolved still yields its
 * change, so that no change of an environment ever looks like nothing of ours.
 *
 * @returns promotions (`from` null when the model was not served here), removals, and other fields with both values
 */
export function readServingChanges(reading: ServingChangesReading): readonly Change[] {
  const models = new Set([...reading.base, ...reading.head].flatMap((document) => servedModel(document) ?? []))
  const changes = [...models].sort().flatMap((model) => modelChanges(model, reading))
  return [...changes, ...unservedChanges(reading, toldOf(reading))]
}

/** A promotion that the job knows to lead back to a version verified there. */
export function asRollback(change: Change): Change {
  return change.kind === 'promotion' ? { ...change, kind: 'rollback' } : change
}

function modelChanges(model: string, { environment, base, head }: ServingChangesReading): readonly Change[] {
  const about = { model, environment: environment.name }
  const before = base.find((document) => servedModel(document) === model)
  const after = head.filter((document) => servedModel(document) === model)
  if (before !== undefined && after.length === 0) return [removal(about, before, head)]
  const versions = new Map(after.map((document) => [document.version, document]))
  return [
    ...[...versions.values()].flatMap((document) => promotion(about, before, document)),
    ...after.flatMap((document) => (before === undefined ? [] : fieldChanges(about, before, document))),
  ]
}

type About = Required<Pick<Change, 'model' | 'environment'>>

function promotion(
  about: About,
  before: EnvironmentDocument | undefined,
  after: EnvironmentDocument,
): readonly Change[] {
  const from = before?.version ?? null
  const to = after.version!
  if (from === to) return []
  const place = after.manifest?.placeOf(VERSION_PATH) ?? after.place
  return [{ kind: 'promotion', path: place.path, place, ...about, version: to, from, to }]
}

function removal(about: About, before: EnvironmentDocument, head: readonly EnvironmentDocument[]): Change {
  const { place, version } = before
  const field = whatWent(before, head)
  const kind = field.field === 'document' ? 'serving-changed' : 'removed'
  return { kind, path: place.path, place, ...about, version: version!, from: version, to: null, fields: [field] }
}

/** Whether the label, the object or the whole file went, or can no longer be read. */
function whatWent(before: EnvironmentDocument, head: readonly EnvironmentDocument[]): FieldChange {
  const called = cut(`${before.kind} ${before.name} serving ${before.model} ${before.version}`)
  const after = successorOf(before, head)
  if (after?.binding === 'unresolved') return { field: 'document', from: called, to: cut(after.what) }
  if (after !== undefined)
    return { field: 'label', from: called, to: cut(`${after.kind} ${after.name}: ${after.what}`) }
  const isFileLeft = head.some(({ place }) => place.path === before.place.path)
  return { field: isFileLeft ? 'object' : 'file', from: called, to: 'removed' }
}

/** What stands in the place of a document that serves its model no more: the same object, or an unreadable file. */
function successorOf(
  before: EnvironmentDocument,
  head: readonly EnvironmentDocument[],
): EnvironmentDocument | undefined {
  const same = head.find((document) => document.manifest !== null && isSameObject(before, document))
  const isDoubtful = ({ place, binding }: EnvironmentDocument) =>
    place.path === before.place.path && binding === 'unresolved'
  return same ?? head.find(isDoubtful)
}

/** Documents of the head that the changes of a model have told of already. */
function toldOf({ base, head }: ServingChangesReading): ReadonlySet<EnvironmentDocument> {
  const models = new Set(head.map(servedModel))
  const lost = base.filter((document) => servedModel(document) !== null && !models.has(document.model))
  return new Set(lost.flatMap((document) => successorOf(document, head) ?? []))
}

function fieldChanges(about: About, before: EnvironmentDocument, after: EnvironmentDocument): readonly Change[] {
  const promoted = before.version !== after.version
  const fields = [...diffValues(comparable(before, promoted), comparable(after, promoted))]
  const isUntold = after.binding === 'unbound' && !promoted && fields.length === 0
  if ((after.binding === 'unresolved' || isUntold) && after.what !== before.what) {
    fields.push({ field: 'document', from: cut(before.what), to: cut(after.what) })
  }
  if (fields.length === 0) return []
  const { place, version } = after
  return [{ kind: 'serving-changed', path: place.path, place, ...about, version: version!, fields }]
}

/** What counts besides the version, and besides the artifact where a promotion tells of it. */
function comparable({ manifest, target }: EnvironmentDocument, promoted: boolean): YamlValue {
  if (manifest === null) return null
  const value = replacedAt(manifest.value, VERSION_PATH, 'the version')
  const field = servingTargets.find(({ name }) => name === target)?.artifactField(manifest)
  return promoted && field?.is === 'at' ? replacedAt(value, field.path, 'the artifact') : value
}
