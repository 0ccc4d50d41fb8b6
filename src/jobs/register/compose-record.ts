import { actionsRun } from '../../adapters/machine/actions-run.ts'
import type { TableReference } from '../../registry/model.ts'
import type { VersionRecord } from '../../registry/record.ts'
import type { Proposal } from '../../training/proposal.ts'
import type { DataEntry } from './data-set.ts'
import type { GivenTable } from './given-table.ts'
import { describedModel, type TrainedArtifact } from './trained-artifact.ts'
import type { TrainingSaid } from './training-said.ts'

/** All that a record is made of, read and hashed. */
export interface RecordParts {
  readonly model: string
  readonly created: string
  readonly artifact: TrainedArtifact
  readonly artifactUri: string
  readonly features: { readonly asked: readonly string[] | undefined; readonly declared: readonly string[] | undefined }
  readonly threshold: number | undefined
  readonly reference: GivenTable
  readonly evaluation: GivenTable | null
  readonly predictions: GivenTable | null
  readonly units: GivenTable | null
  readonly id: string | undefined
  readonly commit: string
  readonly changed: readonly string[]
  readonly said: TrainingSaid
  readonly data: readonly DataEntry[]
  readonly environment: NonNullable<VersionRecord['training']>['environment']
  readonly compute: NonNullable<VersionRecord['training']>['compute']
  readonly parent: string | undefined
}

/** The version record without its number. */
export function composeRecord(parts: RecordParts): Proposal['record'] {
  const { artifact, changed, said, parent, threshold } = parts
  const labels = labelsOf(said, changed)
  const files = artifact.files.map(({ path, file }) => ({ path, digest: file.digest, size_bytes: file.size_bytes }))
  return {
    model: parts.model,
    ...(Object.keys(labels).length > 0 && { labels }),
    created: parts.created,
    artifact: {
      uri: parts.artifactUri,
      digest: artifact.digest,
      size_bytes: artifact.size_bytes,
      format: artifact.format,
    },
    ...(artifact.isFolder && { files }),
    ...describedModel(artifact, parts.features),
    ...(threshold !== undefined && { threshold }),
    evaluation: evaluationOf(parts),
    training: trainingOf(parts),
    ...(parent !== undefined && { parent }),
  }
}

function evaluationOf({ evaluation, reference, predictions, units, id = '', said }: RecordParts) {
  const claims = Object.entries(said.metrics).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
  return {
    ...(evaluation !== null && { data: tableReference(evaluation) }),
    reference: tableReference(reference),
    ...(claims.length > 0 && { claims: Object.fromEntries(claims) as Record<string, number> }),
    ...(predictions !== null && { predictions: { ...tableReference(predictions), id } }),
    ...(units !== null && { units: { ...tableReference(units), id } }),
  }
}

function trainingOf({ commit, said, data, environment, compute }: RecordParts) {
  const run = actionsRun()
  return {
    commit,
    ...(run !== null && { run }),
    ...(Object.keys(said.parameters).length > 0 && { parameters: said.parameters }),
    ...(said.seed !== null && { seed: said.seed }),
    data: [...data],
    ...(environment !== undefined && { environment }),
    ...(compute !== undefined && { compute }),
  }
}

function tableReference({ uri, digest, rows }: GivenTable): TableReference {
  return { uri, digest, ...(rows !== null && { rows }) }
}

/** A reader of the record sees that the commit is not all that was trained with, and which MLflow run it was. */
function labelsOf({ mlflow }: TrainingSaid, changed: readonly string[]): Readonly<Record<string, string>> {
  const dirty = changed.length > 0 && { 'not-committed': changed.join(', ').slice(0, 253) }
  return { ...dirty, ...(mlflow !== null && mlflow.id !== '' && { 'mlflow-run': mlflow.id.slice(0, 253) }) }
}
