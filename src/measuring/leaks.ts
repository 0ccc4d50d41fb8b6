import type { Column } from '../ports.ts'
import { rocAuc } from '../statistics/ranking.ts'

/** Beyond this a single feature gives the label away. */
const GIVEAWAY = 0.99

/**
 * Features that alone separate the classes: AUC above 0.99 or below 0.01, over the rows where they are known.
 *
 * @param label    1 positive, 0 negative, NaN unknown; n rows
 * @param columns  numeric columns of n rows each
 */
export function leaksOf(
  label: Float64Array,
  columns: ReadonlyMap<string, Column>,
): readonly { readonly column: string; readonly auc: number }[] {
  return [...columns].flatMap(([column, values]) => {
    if (values.type !== 'number') return []
    const rows = [...values.values.keys()].filter(
      (row) => !Number.isNaN(label[row]!) && Number.isFinite(values.values[row]!),
    )
    const auc = rocAuc(
      Uint8Array.from(rows, (row) => label[row]!),
      Float64Array.from(rows, (row) => values.values[row]!),
    )(new Float64Array(rows.length).fill(1))
    return auc !== null && (auc > GIVEAWAY || auc < 1 - GIVEAWAY) ? [{ column, auc }] : []
  })
}
