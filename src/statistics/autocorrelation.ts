/**
 * Correlation of a series with itself one step later.
 *
 * @param values  n >= 3 finite numbers in order of time
 * @returns -1 to 1; null for fewer than three values or a constant series
 * @see Box, Jenkins, Reinsel, Ljung, Time Series Analysis (2015), section 2.1
 * @example lagOneAutocorrelation([1, 2, 3, 4]) // => 0.25
 */
export function lagOneAutocorrelation(values: ArrayLike<number>): number | null {
  const n = values.length
  if (n < 3) return null
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i]!
  const mean = sum / n
  let squares = 0
  let products = 0
  for (let i = 0; i < n; i++) {
    squares += (values[i]! - mean) ** 2
    if (i > 0) products += (values[i]! - mean) * (values[i - 1]! - mean)
  }
  return squares === 0 ? null : products / squares
}
