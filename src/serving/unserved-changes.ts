import type { Change } from '../registry/change.ts'
import type { Environment } from '../registry/configuration.ts'
import type { EnvironmentDocument } from './manifest.ts'
import { isSameObject } from './one-object.ts'
import { servedModel } from './served-version.ts'
import { cut, shown } from './shown.ts'
import { diffValues, type FieldChange } from './value-diff.ts'

/** One environment before and after. */
export interface ServingChangesReading {
  readonly environment: Environment
  readonly base: readonly EnvironmentDocument[]
  readonly head: readonly EnvironmentDocument[]
}

/**
 * Changes of documents that serve no model that we know of and are not neutral either: added, changed or gone.
 *
 * @param told  documents of the head that another change speaks of
 */
export function unservedChanges(
  { environment, base, head }: ServingChangesReading,
  told: ReadonlySet<EnvironmentDocument>,
): readonly Change[] {
  const others = (documents: readonly EnvironmentDocument[]) =>
    documents.filter((document) => document.binding !== 'neutral' && servedModel(document) === null)
  const [before, after] = [others(base), others(head)]
  const change = (document: EnvironmentDocument, fields: readonly FieldChange[]): Change => ({
    kind: 'serving-changed',
    path: document.place.path,
    place: document.place,
    environment: environment.name,
    fields,
  })
  const gone = before.filter((document) => pairOf(document, after) === undefined && isGone(document, head))
  return [
    ...after.flatMap((document) => {
      const earlier = pairOf(document, before)
      if (earlier === undefined && told.has(document)) return []
      const fields = otherFields(earlier, document)
      return fields.length === 0 ? [] : [change(document, fields)]
    }),
    ...gone.map((document) => change(document, [{ field: 'document', from: summary(document), to: 'removed' }])),
  ]
}

/** Whether an object is not merely served or neutral now. */
function isGone(document: EnvironmentDocument, head: readonly EnvironmentDocument[]): boolean {
  return document.manifest === null || !head.some((other) => isSameObject(document, other))
}

function pairOf(
  document: EnvironmentDocument,
  others: readonly EnvironmentDocument[],
): EnvironmentDocument | undefined {
  if (document.name !== '') return others.find((other) => isSameObject(document, other))
  return others.find(
    (other) => other.name === '' && other.place.path === document.place.path && isAlike(document, other),
  )
}

/** Nameless documents have only their text to be known by; whole files their path. */
function isAlike(a: EnvironmentDocument, b: EnvironmentDocument): boolean {
  return a.manifest === null || b.manifest === null ? a.manifest === b.manifest : a.source === b.source
}

function otherFields(before: EnvironmentDocument | undefined, after: EnvironmentDocument): readonly FieldChange[] {
  if (before === undefined) return [{ field: 'document', from: 'absent', to: summary(after) }]
  const isRead = before.manifest?.unclear === null && after.manifest?.unclear === null
  if (isRead) return diffValues(before.manifest!.value, after.manifest!.value)
  if (before.source === after.source) return []
  return [{ field: 'document', from: summary(before), to: cut(`its text changed; ${summary(after)}`) }]
}

function summary({ kind, name, binding, what }: EnvironmentDocument): string {
  return cut(
    `${kind === '' ? 'a file that' : `${kind} ${name === '' ? 'without a name' : shown(name)}`}: ${what} (${binding})`,
  )
}
