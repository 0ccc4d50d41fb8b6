import type { MeasuredWarning } from '../../measuring/measured-warning.ts'
import { type MultivariateDrift, measureMultivariate } from '../../measuring/multivariate-drift.ts'
import type { ColumnInfo, TableSource, Tables } from '../../ports.ts'
import { readSampled, sampledRows } from './sampled-table.ts'

export interface MultivariateAsk {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
  /** Without: every column that both tables have. */
  readonly columns?: readonly string[]
  /** Never compared: id, label, score, prediction. */
  readonly except?: readonly string[]
  readonly asCategory?: readonly string[]
  /** Column that says when; the windows are then exchanged by stretches of time. */
  readonly time?: string
  readonly seed?: number
  readonly confidence?: number
  readonly permutations?: number
  readonly progress?: (done: number, of: number, what: string) => void
}

const PERMUTATIONS = 100

/** Drift that only all columns together show, on at most 20,000 rows of each window. */
export async function measureMultivariateDrift(
  ask: MultivariateAsk,
): Promise<{ readonly multivariate: MultivariateDrift; readonly warnings: readonly MeasuredWarning[] }> {
  const { tables, reference, current, seed = 0, progress } = ask
  const [before, after] = await Promise.all([tables.describe(reference), tables.describe(current)])
  const columns = comparable(ask, before.columns, after.columns)
  const time = ask.time !== undefined && bothHave(ask.time, before.columns, after.columns) ? ask.time : null
  const isCategory = (name: string, shape: readonly ColumnInfo[]) =>
    ask.asCategory?.includes(name) === true || typeOf(name, shape) === 'category'
  const read = (source: TableSource, shape: typeof before, side: string) =>
    readSampled({
      ...{ tables, source, columns, rows: shape.rows },
      asCategory: columns.filter((name) => isCategory(name, shape.columns)),
      also: time === null ? [] : [time],
      sample: sampledRows(shape.rows, seed, side),
    })
  progress?.(0, PERMUTATIONS, 'reading')
  const windows = [await read(reference, before, 'reference'), await read(current, after, 'current')] as const
  const at = (side: 0 | 1) => (time === null ? undefined : windows[side].get(time))
  const times = [at(0), at(1)].map((column) => (column !== undefined && 'nulls' in column ? column.values : undefined))
  const answer = measureMultivariate({
    columns: columns.map((column) => ({
      column,
      kind: typeOf(column, before.columns) === 'number' && !isCategory(column, before.columns) ? 'number' : 'category',
      reference: windows[0].get(column)!,
      current: windows[1].get(column)!,
      ...typeChange(column, before.columns, after.columns),
    })),
    time: times[0] && times[1] ? { reference: times[0], current: times[1] } : null,
    confidence: ask.confidence ?? 0.95,
    permutations: ask.permutations ?? PERMUTATIONS,
    seed,
    ...(progress === undefined ? {} : { progress: (done, of) => progress(done, of, 'dealing the windows') }),
  })
  return { ...answer, warnings: [...answer.warnings, ...sampledWarning(before.rows, after.rows, answer.multivariate)] }
}

function comparable(
  { columns, except = [], time }: MultivariateAsk,
  before: readonly ColumnInfo[],
  after: readonly ColumnInfo[],
): readonly string[] {
  const names = columns ?? before.map((column) => column.name)
  const nested = (name: string) => [before, after].some((shape) => typeOf(name, shape) === 'nested')
  return names.filter(
    (name) => bothHave(name, before, after) && !except.includes(name) && name !== time && !nested(name),
  )
}

function bothHave(name: string, before: readonly ColumnInfo[], after: readonly ColumnInfo[]): boolean {
  return typeOf(name, before) !== undefined && typeOf(name, after) !== undefined
}

function typeOf(name: string, columns: readonly ColumnInfo[]): ColumnInfo['type'] | undefined {
  return columns.find((column) => column.name === name)?.type
}

function typeChange(name: string, before: readonly ColumnInfo[], after: readonly ColumnInfo[]) {
  const [was, is] = [typeOf(name, before), typeOf(name, after)]
  return was === is ? {} : { typeChanged: `${was} in the reference, ${is} now` }
}

function sampledWarning(before: number, after: number, { rows }: MultivariateDrift): readonly MeasuredWarning[] {
  if (before === rows.reference && after === rows.current) return []
  if (rows.reference === 0) return []
  const message = `all columns together were looked at in ${rows.reference} of ${before} and ${rows.current} of ${after} rows, drawn with seed`
  return [{ code: 'sampled', message }]
}
