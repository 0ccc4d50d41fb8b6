import type { MetricMeasured, UnitMeasure } from '../gates/evidence.ts'
import { measureUnitDifference, measureUnits } from '../statistics/units.ts'
import { nothing } from './metrics.ts'

/** One table of units: id -> row, and its numeric columns. */
export interface UnitTable {
  readonly ids: readonly (string | null)[]
  readonly columns: ReadonlyMap<string, Float64Array>
}

/** Means of units with t intervals; differences only over exactly equal ids. */
export function measureUnitRules(
  candidate: UnitTable,
  incumbent: UnitTable | null,
  measures: readonly UnitMeasure[],
): readonly MetricMeasured[] {
  const order = incumbent === null ? null : sameUnits(candidate.ids, incumbent.ids)
  const rows = candidate.ids.length
  const known = [...candidate.columns.keys()].join(', ')
  return measures.map((measure) => {
    const values = candidate.columns.get(measure.unit)
    if (!areDistinct(candidate.ids)) {
      const why = 'ids of the units table are missing or repeat: each unit has one row'
      return { candidate: nothing(why, measure.confidence, rows), incumbent: null, difference: null }
    }
    if (values === undefined) {
      const why = `the units table has no numeric column "${measure.unit}"; it has ${known || 'none'}`
      return { candidate: nothing(why, measure.confidence, rows), incumbent: null, difference: null }
    }
    const other = incumbent?.columns.get(measure.unit) ?? null
    return {
      candidate: measureUnits(values, { confidence: measure.confidence }),
      incumbent: other === null ? null : measureUnits(other, { confidence: measure.confidence }),
      difference: measure.against_incumbent && incumbent !== null ? differenceOf(values, other, order, measure) : null,
    }
  })
}

function differenceOf(
  values: Float64Array,
  other: Float64Array | null,
  order: Int32Array | null,
  measure: UnitMeasure,
) {
  if (other === null)
    return nothing(`the incumbent's units have no column "${measure.unit}"`, measure.confidence, values.length)
  if (order === null)
    return nothing(
      'the ids of the two unit tables differ: only equal units can be paired',
      measure.confidence,
      values.length,
    )
  return measureUnitDifference(
    values,
    Float64Array.from(order, (row) => other[row]!),
    { confidence: measure.confidence },
  )
}

function areDistinct(ids: UnitTable['ids']): boolean {
  return !ids.includes(null) && new Set(ids).size === ids.length
}

/** Row of the incumbent for each of the candidate's units; null when ids differ, repeat or are missing. */
function sameUnits(candidate: UnitTable['ids'], incumbent: UnitTable['ids']): Int32Array | null {
  if (!areDistinct(candidate) || !areDistinct(incumbent) || candidate.length !== incumbent.length) return null
  const rows = new Map(incumbent.map((id, row) => [id, row]))
  const order = Int32Array.from(candidate, (id) => rows.get(id) ?? -1)
  return order.includes(-1) ? null : order
}
