/**
 * How far numbers lean to one side: their third central moment over the cube of their deviation.
 *
 * @param values  finite numbers
 * @returns 0 for numbers that are all alike, none, or so large or small that their powers are no numbers
 * @example skewness(new Float64Array([0, 0, 0, 4])) // => 1.1547005383792515
 */
export function skewness(values: Float64Array): number {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
  const cubes = values.reduce((sum, value) => sum + (value - mean) ** 3, 0) / n
  const skew = cubes / squares ** 1.5
  return Number.isFinite(skew) ? skew : 0
}
