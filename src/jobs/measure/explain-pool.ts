import { type Columns, codesOf, columnRows, stackedColumns } from '../../measuring/column-codes.ts'
import type { ExplanationWarning } from '../../measuring/explanation.ts'
import { Unavailable } from '../../ports.ts'
import type { ExplainInput, Pool } from './explain-input.ts'
import type { ModelColumns } from './explained-columns.ts'
import { type FeatureRows, firstRows, pickedColumns, readFeatures, sampleRows } from './explained-tables.ts'

/** Rows of the background when nobody gives one. */
const BACKGROUND = 100
/** Rows whose values are looked at, and the most that a given background may hold before it is sampled. */
const SEEN = 1000
/** Rows that are explained when nobody says which, and at most. */
const EXPLAINED = { own: 5, given: 1000 } as const

/**
 * All rows that Shapley values, curves and counterfactuals are made of, one below the other.
 *
 * @throws {Unavailable} when a table lacks a column, or the row to turn
 */
export async function poolOf(
  input: ExplainInput,
  columns: ModelColumns,
  data: FeatureRows,
  warnings: ExplanationWarning[],
): Promise<Pool> {
  const given = input.background && (await readFeatures(input.tables, input.background, columns, null))
  const from = (given ?? data).columns
  const isAll = given !== undefined && given.rows <= SEEN
  const seen = isAll ? from : pickedColumns(from, sampleRows(from, SEEN, input.seed))
  if (given !== undefined && !isAll)
    warnings.push({
      code: 'background_sampled',
      message: `the background holds ${given.rows} rows, and ${SEEN} of them are used`,
    })
  const rows = input.rows === undefined ? data : await readFeatures(input.tables, input.rows, columns, null)
  const explained = pickedColumns(rows.columns, firstRows(rows.columns, EXPLAINED[input.rows ? 'given' : 'own']))
  if (input.rows !== undefined && rows.rows > EXPLAINED.given)
    warnings.push({ code: 'rows_capped', message: `the first ${EXPLAINED.given} of ${rows.rows} rows are explained` })
  const turned = turnedRow(input, rows)
  requireAlike(columns.names, [from, rows.columns])
  const stacked = stackedColumns([seen, explained, ...(turned === null ? [] : [turned])], columns.names)
  const [first, next] = [columnRows(seen), columnRows(seen) + columnRows(explained)]
  return {
    columns: stacked,
    codes: [...stacked.values()].map(codesOf),
    seen: span(0, first),
    background: span(0, given === undefined ? Math.min(BACKGROUND, first) : first),
    explained: span(first, next),
    turned: turned === null ? null : next,
  }
}

/** @throws {Unavailable} naming a column that holds numbers in one table and text in the other */
function requireAlike(names: readonly string[], [one, other]: readonly [Columns, Columns]): void {
  const mixed = names.find((name) => 'codes' in one.get(name)! !== 'codes' in other.get(name)!)
  if (mixed === undefined) return
  throw new Unavailable(
    'missing',
    `the column ${mixed} holds numbers in one table and text in another`,
    'Write it alike in all tables.',
  )
}

function turnedRow({ counterfactual }: ExplainInput, { rows, columns }: FeatureRows): Columns | null {
  if (counterfactual === undefined) return null
  const { row } = counterfactual
  if (row < rows) return pickedColumns(columns, Int32Array.of(row))
  throw new Unavailable(
    'missing',
    `there is no row ${row} whose decision could be turned: the table has rows 0 to ${rows - 1}`,
    'Rows count from 0, in --rows or else in --data.',
  )
}

function span(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, at) => from + at)
}
