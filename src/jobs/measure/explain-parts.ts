import { valueAt } from '../../measuring/column-codes.ts'
import { alternativesOf, gridDonors } from '../../measuring/explained-values.ts'
import type { ExplainedCounterfactual, ExplainedDependence, ExplainedShapley } from '../../measuring/explanation.ts'
import { counterfactual } from '../../statistics/counterfactual.ts'
import { partialDependence } from '../../statistics/partial-dependence.ts'
import type { ShapleyAnswer } from '../../statistics/shapley.ts'
import type { Pool } from './explain-input.ts'
import type { ModelAnswers } from './model-answers.ts'

/** Columns that a counterfactual may change together. */
const MOST_CHANGED = 5

/** Shapley values by the names of their columns. */
export function toldShapley(
  { method, base, rows }: ShapleyAnswer,
  names: readonly string[],
  background: number,
): ExplainedShapley {
  const byName = (numbers: Float64Array) => Object.fromEntries(names.map((name, index) => [name, numbers[index]!]))
  return {
    method,
    base,
    background_rows: background,
    rows: rows.map(({ score, values, se }, row) => ({
      row,
      score,
      values: byName(values),
      ...(se === null ? {} : { errors: byName(se) }),
    })),
  }
}

/** One column's curve over the rows that were seen. */
export async function explainedDependence(
  answers: ModelAnswers,
  pool: Pool,
  index: number,
  name: string,
): Promise<ExplainedDependence> {
  const column = pool.columns.get(name)!
  const donors = gridDonors(column, pool.seen)
  const points = await answers.answer(partialDependence(index, pool.seen, donors))
  return {
    column: name,
    type: 'codes' in column ? 'category' : 'number',
    rows: pool.seen.length,
    points: points.map(({ donor, ...point }) => ({ value: valueAt(column, donor) ?? '', ...point })),
  }
}

/**
 * The smallest change of one of the explained rows that turns its decision.
 *
 * @param place  the row in the pool
 */
export async function explainedCounterfactual(
  answers: ModelAnswers,
  pool: Pool,
  about: {
    readonly row: number
    readonly place: number
    readonly fixed: readonly string[]
    readonly names: readonly string[]
    readonly threshold: number
  },
): Promise<ExplainedCounterfactual> {
  const { row, place, fixed, names, threshold } = about
  const alternatives = names.map((name) =>
    fixed.includes(name) ? [] : alternativesOf(pool.columns.get(name)!, place, pool.seen),
  )
  const maxColumns = Math.min(MOST_CHANGED, alternatives.filter((own) => own.length > 0).length)
  const { score, found, asked } = await answers.answer(
    counterfactual({ row: place, alternatives, threshold, maxColumns: Math.max(1, maxColumns) }),
  )
  const tried = alternatives.reduce((sum, own) => sum + own.length, 0)
  const searched = `${tried} values seen in ${pool.seen.length} rows, one column at a time, then two, then up to ${maxColumns} greedily`
  if (found === null) return { row, score, threshold, found: null, searched, asked, fixed }
  const changes = found.changes.map(({ column, donor, distance }) => {
    const values = pool.columns.get(names[column]!)!
    return { column: names[column]!, from: valueAt(values, place), to: valueAt(values, donor), distance }
  })
  return {
    row,
    score,
    threshold,
    found: { changes, score: found.score, distance: found.distance },
    searched,
    asked,
    fixed,
  }
}
