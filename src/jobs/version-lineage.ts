import { ancestorsOf, changedParameters, descendantsOf } from '../registry/lineage.ts'
import type { VersionRecord } from '../registry/record.ts'
import type { EnvironmentHistory } from './read-history.ts'

/** `weighbridge.lineage/v1` of one version. */
export interface VersionLineage {
  readonly schema: 'weighbridge.lineage/v1'
  readonly model: string
  readonly version: string
  readonly created: string
  readonly artifact: VersionRecord['artifact']
  readonly training: VersionRecord['training'] | null
  readonly evaluation: VersionRecord['evaluation']
  /** Nearest first; what each was trained with that its own parent was not. */
  readonly ancestors: readonly {
    readonly version: string
    readonly is_recorded: boolean
    readonly created: string | null
    readonly digest: string | null
    readonly commit: string | null
  }[]
  readonly changed_parameters: ReturnType<typeof changedParameters>
  readonly descendants: ReturnType<typeof descendantsOf>
  /** Where it served, by the history of the manifests; newest first. null where no history is at hand. */
  readonly served:
    | readonly {
        readonly environment: string
        readonly since: string
        readonly until: string | null
        readonly commit: string
      }[]
    | null
}

/**
 * Where a version comes from and where it went.
 *
 * @param own        records of its model
 * @param histories  what environments served of it; null where that cannot be told
 */
export function versionLineage(
  record: VersionRecord,
  own: readonly VersionRecord[],
  histories: readonly EnvironmentHistory[] | null,
): VersionLineage {
  const { model, version, created, artifact, training = null, evaluation } = record
  const ancestors = ancestorsOf(record, own)
  return {
    schema: 'weighbridge.lineage/v1',
    ...{ model, version, created, artifact, training, evaluation },
    ancestors: ancestors.map((one) => ({
      version: one.version,
      is_recorded: one.record !== null,
      created: one.record?.created ?? null,
      digest: one.record?.artifact.digest ?? null,
      commit: one.record?.training?.commit ?? null,
    })),
    changed_parameters: ancestors[0] === undefined ? [] : changedParameters(ancestors[0].record, record),
    descendants: descendantsOf(record, own),
    served:
      histories === null
        ? null
        : histories.flatMap(({ environment, changes }) =>
            changes
              .filter(({ to }) => to === version)
              .map(({ at, until, sha }) => ({ environment, since: at, until, commit: sha })),
          ),
  }
}
