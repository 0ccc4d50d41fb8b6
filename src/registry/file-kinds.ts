import { type Configuration, configurationShape } from './configuration.ts'
import { configurationChecks } from './configuration-checks.ts'
import { withCrossChecks } from './cross-check.ts'
import type { Complaint, FileKind } from './file-kind.ts'
import { lookAlikeComplaints } from './look-alike.ts'
import { type Model, modelShape, sensitiveColumns } from './model.ts'
import { modelChecks } from './model-checks.ts'
import { modelPath, recordPath, recordShape, type VersionRecord } from './record.ts'
import { recordChecks } from './record-checks.ts'

export const configurationKind: FileKind<Configuration> = {
  name: 'configuration',
  about: 'The configuration of Weighbridge, .github/weighbridge.yml; only ever read from the governed branch.',
  schema: withCrossChecks(configurationShape, configurationChecks),
  examine: examineConfiguration,
}

export const modelKind: FileKind<Model> = {
  name: 'model',
  about: 'One registered model, models/<model>/model.yml: what it is for, its features, its label, its exam.',
  schema: withCrossChecks(modelShape, modelChecks),
  examine: examineModel,
}

export const recordKind: FileKind<VersionRecord> = {
  name: 'version',
  about: 'One immutable version, models/<model>/versions/<version>.yml: its artifact, its data, its training.',
  schema: withCrossChecks(recordShape, recordChecks),
  examine: examineRecord,
}

/** The kinds that this room knows; policies are `policy`'s own. */
export const registryKinds: readonly FileKind<unknown>[] = [configurationKind, modelKind, recordKind]

function warning(path: Complaint['path'], what: string, mend: string): Complaint {
  return { path, part: 'value', what, mend, severity: 'warning' }
}

function examineConfiguration({ roles = {} }: Configuration): readonly Complaint[] {
  return Object.entries(roles)
    .filter(
      ([, { teams = [], users = [], permission }]) => teams.length + users.length === 0 && permission === undefined,
    )
    .map(([role]) => warning(['roles', role], 'nobody holds this role', 'Name teams, users or a permission.'))
}

function examineModel(model: Model, path: string): readonly Complaint[] {
  const binary = model.task === 'binary' && model.label !== undefined && model.label.positive === undefined
  const other = model.task !== 'binary' && model.label?.positive !== undefined
  return [
    ...disagreement(
      path,
      modelPath(model.model),
      ['model'],
      `the folder of ${model.model} is ${modelPath(model.model)}`,
    ),
    ...(binary
      ? [warning(['label'], 'positive is not given; 1 is taken for the positive class', 'Add positive: 1 to say so.')]
      : []),
    ...(other ? [warning(['label', 'positive'], `task ${model.task} has no positive class`, 'Remove it.')] : []),
    ...lookAlikeComplaints(columnNames(model)),
  ]
}

/** Each column that a model names, and where. */
function columnNames(model: Model): readonly { readonly name: string; readonly path: Complaint['path'] }[] {
  const { features = [], label, columns = {} } = model
  return [
    ...features.map(({ name }, index) => ({ name, path: ['features', index, 'name'] })),
    ...(label === undefined ? [] : [{ name: label.name, path: ['label', 'name'] }]),
    ...sensitiveColumns(model).map((name, index) => ({ name, path: ['sensitive', index] })),
    ...Object.entries(columns).flatMap(([role, name]) =>
      name === undefined ? [] : [{ name, path: ['columns', role] }],
    ),
  ]
}

function examineRecord(record: VersionRecord, path: string): readonly Complaint[] {
  const right = recordPath(record.model, record.version)
  const field = path.split('/')[1] === record.model ? 'version' : 'model'
  const { predictions, units } = record.evaluation
  const unjudged = record.artifact.format === 'opaque' && predictions === undefined && units === undefined
  const mend = 'Add evaluation.predictions or evaluation.units, from the workflow that your policy names.'
  return [
    ...disagreement(path, right, [field], `${record.model}@${record.version} belongs into ${right}`),
    ...(unjudged
      ? [warning(['artifact', 'format'], 'an opaque artifact without predictions or units cannot be measured', mend)]
      : []),
    ...lookAlikeComplaints((record.features ?? []).map((name, index) => ({ name, path: ['features', index] }))),
  ]
}

function disagreement(path: string, right: string, at: Complaint['path'], what: string): readonly Complaint[] {
  if (path === right || !path.startsWith('models/')) return []
  return [{ path: at, part: 'value', what, mend: `Move the file, or mend ${at.join('.')}.`, severity: 'error' }]
}
