import type { Configuration } from './configuration.ts'
import type { Model } from './model.ts'
import type { VersionRecord } from './record.ts'
import { prefixCovers } from './store-prefix.ts'

export interface NamedUri {
  readonly field: string
  readonly uri: string
}

/** Every URI that a record points to, with its dotted field. */
export function urisOfRecord(record: VersionRecord): readonly NamedUri[] {
  const { data, reference, predictions, units } = record.evaluation
  return [
    { field: 'artifact.uri', uri: record.artifact.uri },
    ...given('evaluation.data.uri', data?.uri),
    { field: 'evaluation.reference.uri', uri: reference.uri },
    ...given('evaluation.predictions.uri', predictions?.uri),
    ...given('evaluation.units.uri', units?.uri),
    ...(record.training?.data ?? []).map(({ uri }, index) => ({ field: `training.data[${index}].uri`, uri })),
  ]
}

/** Every URI of a model.yml that is read here; `evaluation.sensitive` lies in a vault that only a runner reads. */
export function urisOfModel({ evaluation, monitoring }: Model): readonly NamedUri[] {
  return [
    ...given('evaluation.data.uri', evaluation?.data.uri),
    ...given('monitoring.predictions', monitoring?.predictions),
    ...given('monitoring.labels', monitoring?.labels),
  ]
}

/** Those that lie below none of the prefixes that the governed branch's configuration lets records point into. */
export function urisOutside(store: Configuration['store'], uris: readonly NamedUri[]): readonly NamedUri[] {
  const prefixes = [store.artifacts, ...(store.read ?? [])]
  return uris.filter(({ uri }) => !prefixes.some((prefix) => prefixCovers(prefix, uri)))
}

function given(field: string, uri: string | undefined): readonly NamedUri[] {
  return uri === undefined ? [] : [{ field, uri }]
}
