import { CONFIGURATION_PATH, type Configuration } from './configuration.ts'
import { suggest } from './did-you-mean.ts'
import { inTextOrder } from './file-kind.ts'
import { lookAlikeComplaints, type NamedAt } from './look-alike.ts'
import type { Mistake, Place } from './mistake.ts'
import { type Model, sensitiveColumns } from './model.ts'
import type { ParsedFile } from './parsed-file.ts'
import { modelPath, recordPath, type VersionRecord } from './record.ts'
import { urisOfModel, urisOfRecord, urisOutside } from './record-uris.ts'
import { classifyPath } from './registry-path.ts'
import { stepMistake } from './step-mistake.ts'

/** A whole registry, read. Files with mistakes of their own are among `paths` only. */
export interface RegistryFiles {
  readonly configuration: ParsedFile<Configuration> | null
  readonly models: readonly ParsedFile<Model>[]
  readonly records: readonly ParsedFile<VersionRecord>[]
  /** Every path of the tree, also of files that could not be read. */
  readonly paths: readonly string[]
  /** Policies that may be named: paths in `policies/` and shipped ones, `weighbridge/baseline`. */
  readonly policies: readonly string[]
  /** What the manifests serve, when somebody read them. */
  readonly served?: readonly {
    readonly model: string
    readonly version: string
    readonly environment: string
    readonly place: Place
  }[]
}

/** Mistakes between files: what no file can know of itself. Sorted by path and line. */
export function checkRegistry(files: RegistryFiles): readonly Mistake[] {
  const known: Known = {
    ...files,
    pathSet: new Set(files.paths),
    byName: new Map(files.models.map(({ value }) => [value.model, value])),
    byPath: new Map(files.records.map((file) => [file.path, file])),
  }
  return [
    ...strays(known),
    ...policyMistakes(known),
    ...files.models.flatMap((file) => modelMistakes(known, file)),
    ...files.records.flatMap((file) => recordMistakes(known, file)),
    ...sharedDigests(known),
    ...servedMistakes(known),
  ].sort(inTextOrder)
}

interface Known extends RegistryFiles {
  readonly pathSet: ReadonlySet<string>
  readonly byPath: ReadonlyMap<string, ParsedFile<VersionRecord>>
  readonly byName: ReadonlyMap<string, Model>
}

function mistake(
  place: Place,
  where: string,
  what: string,
  mend: string,
  severity: Mistake['severity'] = 'error',
): Mistake {
  const { path, line, column } = place
  return { path, line, column, where, what, mend, severity }
}

function strays({ paths, configuration }: Known): readonly Mistake[] {
  return paths.flatMap((path) => {
    if (path !== CONFIGURATION_PATH && /^\.github\/weighbridge\.ya?ml$/i.test(path)) {
      return [mistake({ path, line: 1, column: 1 }, '', 'is not read', `Rename it to ${CONFIGURATION_PATH}.`)]
    }
    const is = classifyPath(path, configuration?.value ?? null)
    return is.kind === 'stray-in-models' ? [mistake({ path, line: 1, column: 1 }, '', is.what, is.mend)] : []
  })
}

function policyMistakes({ configuration, policies }: Known): readonly Mistake[] {
  if (configuration === null) return []
  return configuration.value.environments.flatMap(({ policy }, index) => {
    const at = `environments[${index}].policy`
    const uses =
      typeof policy === 'string'
        ? [{ field: at, use: policy }]
        : policy.map(({ use }, entry) => ({ field: `${at}[${entry}].use`, use }))
    return uses
      .filter(({ use }) => !policies.includes(use))
      .map(({ field, use }) =>
        mistake(
          configuration.place(field),
          field,
          `there is no policy ${use}`,
          suggest(use, policies, 'Policies here'),
        ),
      )
  })
}

function modelMistakes(known: Known, file: ParsedFile<Model>): readonly Mistake[] {
  const { value: model, path, place } = file
  const right = modelPath(model.model)
  const folder =
    path === right
      ? []
      : [mistake(place('model'), 'model', `the folder of ${model.model} is ${right}`, 'Move the file, or mend model.')]
  const retired = (model.retired ?? []).flatMap(({ version }, index) => {
    if (known.pathSet.has(recordPath(model.model, version))) return []
    const where = `retired[${index}].version`
    return [
      mistake(
        place(where),
        where,
        `there is no version ${version} of ${model.model}`,
        suggest(version, versionsOf(known, model.model), 'Versions here'),
      ),
    ]
  })
  return [...folder, ...retired, ...outside(known, file, urisOfModel(model))]
}

function versionsOf({ records }: Known, model: string): readonly string[] {
  return records.filter(({ value }) => value.model === model).map(({ value }) => value.version)
}

function recordMistakes(known: Known, file: ParsedFile<VersionRecord>): readonly Mistake[] {
  const { value: record, path, place } = file
  const name = `${record.model}@${record.version}`
  const right = recordPath(record.model, record.version)
  const orphan = known.pathSet.has(modelPath(record.model))
    ? []
    : [
        mistake(
          place('model'),
          'model',
          `there is no ${modelPath(record.model)}`,
          suggest(record.model, [...known.byName.keys()], 'Models here'),
        ),
      ]
  const misplaced =
    path === right
      ? []
      : [mistake(place('version'), 'version', `${name} belongs into ${right}`, 'Move the file, or mend version.')]
  return [
    ...orphan,
    ...misplaced,
    ...parentMistakes(known, file),
    ...columnMistakes(known, file),
    ...outside(known, file, urisOfRecord(record)),
  ]
}

/** A step too small is a warning here: a merged record cannot be mended, and the registry gate holds new ones to it. */
function parentMistakes(known: Known, file: ParsedFile<VersionRecord>): readonly Mistake[] {
  const { value: record, place } = file
  if (record.parent === undefined) return []
  const path = recordPath(record.model, record.parent)
  if (!known.pathSet.has(path)) {
    const mend = suggest(record.parent, versionsOf(known, record.model), 'Versions here')
    return [mistake(place('parent'), 'parent', `there is no version ${record.parent} of ${record.model}`, mend)]
  }
  const parent = known.byPath.get(path)
  const wrong = parent === undefined ? null : stepMistake(file, parent.value, 'warning')
  return wrong === null ? [] : [wrong]
}

/** A record's feature that looks like a column of its model and is another one. */
function columnMistakes(known: Known, { value: record, place, path }: ParsedFile<VersionRecord>): readonly Mistake[] {
  const model = known.byName.get(record.model)
  if (model === undefined || record.features === undefined) return []
  const declared = [...(model.features ?? []).map(({ name }) => name), ...sensitiveColumns(model)]
  const names: readonly NamedAt[] = [
    ...declared.map((name) => ({ name, path: [] })),
    ...record.features.map((name, index) => ({ name, path: ['features', index] })),
  ]
  return lookAlikeComplaints(names)
    .filter((one) => one.path.length > 0 && one.severity === 'error')
    .map(({ path: [, index], what, mend }) =>
      mistake({ ...place(`features[${index}]`), path }, `features[${index}]`, what, mend),
    )
}

function outside<T>(
  { configuration }: Known,
  file: ParsedFile<T>,
  uris: Parameters<typeof urisOutside>[1],
): readonly Mistake[] {
  if (configuration === null) return []
  const { store } = configuration.value
  const prefixes = [store.artifacts, ...(store.read ?? [])].join(', ')
  return urisOutside(store, uris).map(({ field, uri }) =>
    mistake(
      file.place(field),
      field,
      `${uri} lies outside store.artifacts and store.read`,
      `Files may point below ${prefixes}.`,
    ),
  )
}

function sharedDigests({ records }: Known): readonly Mistake[] {
  const first = new Map<string, VersionRecord>()
  return records.flatMap(({ value: record, place }) => {
    const earlier = first.get(record.artifact.digest)
    if (earlier === undefined) first.set(record.artifact.digest, record)
    if (earlier === undefined) return []
    const what = `is the artifact of ${earlier.model}@${earlier.version} too`
    return [
      mistake(
        place('artifact.digest'),
        'artifact.digest',
        what,
        'Two versions of one artifact are judged alike: is one meant?',
        'warning',
      ),
    ]
  })
}

function servedMistakes({ byName, served = [] }: Known): readonly Mistake[] {
  return served.flatMap(({ model, version, environment, place }) => {
    const entry = byName.get(model)?.retired?.find((one) => one.version === version)
    if (entry === undefined) return []
    const what = `${environment} serves ${model}@${version}, retired on ${entry.on} (${entry.reason})`
    return [mistake(place, '', what, 'Promote another version, or take it out of retired.')]
  })
}
