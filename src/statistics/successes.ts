import type { PairedCounts } from './newcombe-paired.ts'
import type { ClassRows } from './scored-rows.ts'

/** Which rows a share is over, and when a row is a success. */
interface Share {
  readonly isOf: (label: number, prediction: number) => boolean
  readonly isSuccess: (label: number, prediction: number) => boolean
}

const isRight = (label: number, prediction: number) => label === prediction

const SHARES: Readonly<Record<string, Share>> = {
  accuracy: { isOf: () => true, isSuccess: isRight },
  recall: { isOf: (label) => label === 1, isSuccess: isRight },
  specificity: { isOf: (label) => label === 0, isSuccess: isRight },
  precision: { isOf: (_, prediction) => prediction === 1, isSuccess: isRight },
}

function shareOf(metric: string): Share {
  const share = SHARES[metric]
  if (share === undefined)
    throw new RangeError(`${metric} is not a share of rows; these are: ${Object.keys(SHARES).join(', ')}`)
  return share
}

/**
 * A share of rows as counts.
 *
 * @throws {RangeError} when the metric is not a share of rows
 */
export function successesOf(rows: ClassRows, metric: string): { readonly successes: number; readonly n: number } {
  const { isOf, isSuccess } = shareOf(metric)
  let n = 0
  let successes = 0
  for (let row = 0; row < rows.label.length; row++) {
    const label = rows.label[row]!
    const prediction = rows.prediction[row]!
    if (!isOf(label, prediction)) continue
    n += 1
    if (isSuccess(label, prediction)) successes += 1
  }
  return { successes, n }
}

/**
 * The same share of two versions, by rows: for shares whose rows do not depend on the prediction.
 *
 * @throws {RangeError} when the metric is not a share of rows
 */
export function pairedSuccesses(first: ClassRows, second: ClassRows, metric: string): PairedCounts {
  const { isOf, isSuccess } = shareOf(metric)
  const counts = [0, 0, 0, 0]
  for (let row = 0; row < first.label.length; row++) {
    const label = first.label[row]!
    if (!isOf(label, first.prediction[row]!)) continue
    const cell =
      (isSuccess(label, first.prediction[row]!) ? 2 : 0) + (isSuccess(label, second.prediction[row]!) ? 1 : 0)
    counts[cell]! += 1
  }
  return { neither: counts[0]!, onlySecond: counts[1]!, onlyFirst: counts[2]!, both: counts[3]! }
}
