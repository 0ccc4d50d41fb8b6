import { type ColumnInfo, type ModelSession, Unavailable } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import type { VersionRecord } from '../../registry/record.ts'

/** How people say which columns fill a model. */
export interface FeatureWords {
  readonly features?: readonly string[]
  readonly record?: VersionRecord
}

/** The columns that fill a model, in order, and those of them that it takes as text. */
export interface ModelColumns {
  readonly names: readonly string[]
  readonly texts: readonly string[]
}

/**
 * The columns that a model takes: its inputs' own names, or the order given for a single tensor.
 *
 * @param options  names of the options, for the hint
 * @throws {Unavailable} when a single tensor comes without an order
 */
export function columnsOfModel(
  { inputs }: Pick<ModelSession, 'inputs'>,
  { features, record }: FeatureWords,
  called: string,
  options = '--features a,b,... or --record version.yml',
): ModelColumns {
  const given = features ?? record?.features
  const [single] = inputs
  const isNamed = inputs.length > 1 || (single !== undefined && given === undefined && isNamedBySignature(record))
  if (isNamed) {
    const texts = inputs.filter(({ type }) => type === 'string').map(({ name }) => name)
    return { names: inputs.map(({ name }) => name), texts }
  }
  if (given !== undefined) return { names: distinct(given), texts: single?.type === 'string' ? given : [] }
  const width = single?.shape[1]
  const takes = typeof width === 'number' ? `${width} columns` : 'columns'
  throw new Unavailable(
    'missing',
    `${called} has one input, ${single?.name ?? 'without a name'}, that takes ${takes}, and nothing says which, in which order`,
    `Give ${options}: the columns in the order of training.`,
  )
}

/** A record without `features` whose signature has one input of one column: the input is the column. */
function isNamedBySignature(record: VersionRecord | undefined): boolean {
  return record?.signature?.inputs.length === 1 && record.signature.inputs[0]?.shape.at(-1) === 1
}

function distinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, place) => names.indexOf(name) < place)
  if (twice === undefined) return names
  throw new Unavailable('missing', `the column ${twice} is named twice among the features`, 'Name each column once.')
}

/** @throws {Unavailable} naming the first column that a table lacks, and the one that was probably meant */
export function requireColumns(columns: readonly ColumnInfo[], wanted: readonly string[], called: string): void {
  const there = columns.map(({ name }) => name)
  const absent = wanted.find((name) => !there.includes(name))
  if (absent === undefined) return
  throw new Unavailable('missing', `${called} has no column ${absent}`, suggest(absent, there, 'Columns'))
}
