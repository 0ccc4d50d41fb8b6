import type { Grouping, GroupKey } from './group-rows.ts'
import type { Moments } from './welch.ts'

/** What a group's rates are made of. */
export interface GroupTally {
  readonly group: GroupKey
  readonly rows: number
  readonly positives: number
  readonly negatives: number
  readonly predicted_positives: number
  readonly true_positives: number
  readonly false_positives: number
  /** Only for regression, where the counts above are 0. */
  readonly prediction?: Moments
  readonly absolute_error?: Moments
  /** The same in each resample of units, where rows belong to units: every interval is then taken from these. */
  readonly draws?: TallyDraws
}

/** Counts of a group, one a resample; for regression the sums of predictions and absolute errors too. */
export interface TallyDraws {
  readonly rows: Float64Array
  readonly positives: Float64Array
  readonly negatives: Float64Array
  readonly predicted_positives: Float64Array
  readonly true_positives: Float64Array
  readonly false_positives: Float64Array
  readonly prediction?: Float64Array
  readonly absolute_error?: Float64Array
}

/** Rows of one group by label and by what both versions predict: index label * 4 + incumbent * 2 + candidate. */
export interface GroupCells {
  readonly group: GroupKey
  readonly counts: Float64Array
}

/**
 * Counts each group's positives, negatives and predictions.
 *
 * @param labels, predictions  1 positive, 0 negative, a row each
 * @throws {RangeError} when lengths differ or a value is neither 0 nor 1
 * @example tallyGroups({ groups: [{ sex: 'F' }], indexOf: [0, 0] }, [1, 0], [1, 1])[0].true_positives // => 1
 */
export function tallyGroups(
  grouping: Grouping,
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
): GroupTally[] {
  return cellsByGroup(grouping, labels, predictions, predictions).map((cells) => tallyOf(cells, 'candidate'))
}

/**
 * Counts each group's rows by label and by the predictions of both versions.
 *
 * @param labels, incumbent, candidate  1 positive, 0 negative, a row each
 * @throws {RangeError} when lengths differ or a value is neither 0 nor 1
 * @example cellsByGroup({ groups: [{ sex: 'F' }], indexOf: [0] }, [1], [0], [1])[0].counts[5] // => 1
 */
export function cellsByGroup(
  { groups, indexOf }: Grouping,
  labels: ArrayLike<number>,
  incumbent: ArrayLike<number>,
  candidate: ArrayLike<number>,
): GroupCells[] {
  const cells = groups.map((group) => ({ group, counts: new Float64Array(8) }))
  requireLength(indexOf.length, labels, incumbent, candidate)
  for (let row = 0; row < indexOf.length; row++) {
    const cell = bit(labels[row]) * 4 + bit(incumbent[row]) * 2 + bit(candidate[row])
    cells[indexOf[row]!]!.counts[cell]! += 1
  }
  return cells
}

/** One version's counts out of the cells of both. */
export function tallyOf({ group, counts }: GroupCells, version: 'incumbent' | 'candidate'): GroupTally {
  const [yes, no] = version === 'incumbent' ? ([2, 3] as const) : ([1, 3] as const)
  const sum = (...cells: number[]) => cells.reduce((total, cell) => total + counts[cell]!, 0)
  const [positives, negatives] = [sum(4, 5, 6, 7), sum(0, 1, 2, 3)]
  const [true_positives, false_positives] = [sum(4 + yes, 4 + no), sum(yes, no)]
  return {
    group,
    rows: positives + negatives,
    positives,
    negatives,
    predicted_positives: true_positives + false_positives,
    true_positives,
    false_positives,
  }
}

/**
 * Each group's mean prediction and mean absolute error, for regression.
 *
 * @param labels, predictions  finite numbers, a row each, the label's own unit
 * @throws {RangeError} when lengths differ or a value is not finite
 */
export function tallyRegression(
  { groups, indexOf }: Grouping,
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
): GroupTally[] {
  requireLength(indexOf.length, labels, predictions)
  const rowsOf: number[][] = groups.map(() => [])
  for (const [row, group] of indexOf.entries()) rowsOf[group]!.push(row)
  return groups.map((group, index) => {
    const rows = rowsOf[index]!
    const none = { positives: 0, negatives: 0, predicted_positives: 0, true_positives: 0, false_positives: 0 }
    const prediction = momentsOf(rows.map((row) => predictions[row]!))
    const absolute_error = momentsOf(rows.map((row) => Math.abs(predictions[row]! - labels[row]!)))
    return { group, rows: rows.length, ...none, prediction, absolute_error }
  })
}

function momentsOf(numbers: readonly number[]): Moments {
  const rows = numbers.length
  const mean = numbers.reduce((sum, x) => sum + x, 0) / rows
  if (!Number.isFinite(mean)) throw new RangeError('a label or prediction is not finite')
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { rows, mean, variance: rows > 1 ? squares / (rows - 1) : 0 }
}

function requireLength(rows: number, ...columns: readonly ArrayLike<number>[]): void {
  if (columns.every(({ length }) => length === rows)) return
  throw new RangeError(`groups have ${rows} rows, the columns ${columns.map(({ length }) => length).join(', ')}`)
}

function bit(value: number | undefined): 0 | 1 {
  if (value === 0 || value === 1) return value
  throw new RangeError(`a label or prediction is ${value}, it must be 0 or 1`)
}
