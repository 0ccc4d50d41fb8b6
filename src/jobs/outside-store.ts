import type { RecordFile } from '../gates/gate.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { modelPath } from '../registry/record.ts'
import { urisOfModel, urisOfRecord, urisOutside } from '../registry/record-uris.ts'

/** Where a record or a model points outside the configured prefixes; nothing there is ever fetched. */
export function outsideStore({ store }: Configuration, candidate: RecordFile, model: Model): readonly Mistake[] {
  const mend = `Prefixes here: ${[store.artifacts, ...(store.read ?? [])].join(', ')}.`
  const start = { path: modelPath(model.model), line: 1, column: 1 }
  const places = [
    ...urisOutside(store, urisOfRecord(candidate.record)).map((found) => ({
      ...found,
      place: candidate.place(found.field),
    })),
    ...urisOutside(store, urisOfModel(model)).map((found) => ({ ...found, place: start })),
  ]
  return places.map(({ place, field, uri }) => ({
    ...place,
    where: field,
    what: `${uri} lies outside the configured store`,
    mend,
    severity: 'error',
  }))
}
