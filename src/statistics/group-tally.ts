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
  readonly error?: Moments
  /** Sums of weights in place of counts, an array of one each; rates are then taken from these. */
  readonly weights?: TallyDraws
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
  readonly error?: Float64Array
}

/** Rows of one group by label and by what both versions predict: index label * 4 + incumbent * 2 + candidate. */
export interface GroupCells {
  readonly group: GroupKey
  readonly counts: Float64Array
  /** Sums of weights in place of counts; how many rows there are is still said by the counts. */
  readonly weights?: Float64Array
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
  requireLength(indexOf.length, labels, incumbent, candidate)
  const all = new Float64Array(8 * groups.length)
  for (let row = 0; row < indexOf.length; row++) {
    const cell = bit(labels[row]) * 4 + bit(incumbent[row]) * 2 + bit(candidate[row])
    all[8 * indexOf[row]! + cell]! += 1
  }
  return groups.map((group, index) => ({ group, counts: all.slice(8 * index, 8 * index + 8) }))
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
 * Each group's mean prediction, mean error (prediction - label) and mean absolute error, for regression.
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
  const moments = (of: (row: number) => number) => momentsByGroup(indexOf, groups.length, of)
  const prediction = moments((row) => predictions[row]!)
  const error = moments((row) => predictions[row]! - labels[row]!)
  const absolute_error = moments((row) => Math.abs(predictions[row]! - labels[row]!))
  const none = { positives: 0, negatives: 0, predicted_positives: 0, true_positives: 0, false_positives: 0 }
  return groups.map((group, index) => ({
    group,
    rows: prediction[index]!.rows,
    ...none,
    prediction: prediction[index]!,
    absolute_error: absolute_error[index]!,
    error: error[index]!,
  }))
}

/**
 * Mean and variance of a number in each group, in two passes over the rows.
 *
 * @param indexOf  group of each row
 * @param groups   how many groups there are
 * @param of       the number of a row, finite
 * @returns one a group, of 0 rows where it has none
 * @throws {RangeError} when a number is not finite
 * @example momentsByGroup(Int32Array.of(0, 0), 1, (row) => row)[0] // => { rows: 2, mean: 0.5, variance: 0.5 }
 */
export function momentsByGroup(indexOf: Int32Array, groups: number, of: (row: number) => number): Moments[] {
  const [rows, sums, squares] = [new Float64Array(groups), new Float64Array(groups), new Float64Array(groups)]
  for (let row = 0; row < indexOf.length; row++) {
    rows[indexOf[row]!]! += 1
    sums[indexOf[row]!]! += of(row)
  }
  const means = sums.map((sum, group) => (rows[group] === 0 ? 0 : sum / rows[group]!))
  if (!means.every(Number.isFinite)) throw new RangeError('a label or prediction is not finite')
  for (let row = 0; row < indexOf.length; row++) squares[indexOf[row]!]! += (of(row) - means[indexOf[row]!]!) ** 2
  return Array.from(means, (mean, group) => ({
    rows: rows[group]!,
    mean,
    variance: rows[group]! > 1 ? squares[group]! / (rows[group]! - 1) : 0,
  }))
}

function requireLength(rows: number, ...columns: readonly ArrayLike<number>[]): void {
  if (columns.every(({ length }) => length === rows)) return
  throw new RangeError(`groups have ${rows} rows, the columns ${columns.map(({ length }) => length).join(', ')}`)
}

function bit(value: number | undefined): 0 | 1 {
  if (value === 0 || value === 1) return value
  throw new RangeError(`a label or prediction is ${value}, it must be 0 or 1`)
}
