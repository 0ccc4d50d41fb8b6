import { type GroupColumn, type GroupKey, groupRows } from '../../src/statistics/group-rows.ts'
import { type GroupTally, tallyGroups } from '../../src/statistics/group-tally.ts'
import { columnsOf } from '../support/rows.ts'

export function groupColumn(name: string, cells: readonly (string | number | null)[]): GroupColumn {
  const values = [...new Set(cells.filter((cell) => cell !== null))]
  return { name, values, codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : values.indexOf(cell))) }
}

/** Groups of a predictions table. */
export async function talliesOf(path: string, across: readonly string[]): Promise<GroupTally[]> {
  const columns = await columnsOf(path, [...across, 'label', 'prediction'])
  const grouping = groupRows(across.map((name) => groupColumn(name, columns[name]!)))
  return tallyGroups(grouping, columns.label as number[], columns.prediction as number[])
}

/** A group by its confusion matrix. */
export function tally(name: string | null, [tp, fn, fp, tn]: readonly [number, number, number, number]): GroupTally {
  return {
    group: { g: name },
    rows: tp + fn + fp + tn,
    positives: tp + fn,
    negatives: fp + tn,
    predicted_positives: tp + fp,
    true_positives: tp,
    false_positives: fp,
  }
}

/** A group that is only known by its selection rate. */
export function selecting(name: string, selected: number, rows: number): GroupTally {
  return { ...tally(name, [selected, 0, 0, rows - selected]), group: { g: name } }
}

export function nameOf(group: GroupKey): string {
  return Object.values(group).join('&')
}
