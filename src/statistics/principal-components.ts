import { jacobiEigen } from './jacobi-eigen.ts'

/** Scaling and directions learned from one sample. */
export interface PrincipalComponents {
  readonly mean: Float64Array
  /** Standard deviation with n in the denominator; 1 for a column that does not vary. */
  readonly scale: Float64Array
  /** The fewest directions that hold the asked share of the variance. */
  readonly components: readonly Float64Array[]
  /** Share of the variance that each direction of all holds, falling. */
  readonly explained: Float64Array
}

/**
 * The directions in which scaled columns vary most.
 *
 * @param columns  d columns of n >= 2 finite numbers
 * @param share    of the variance to be held, over 0 and under 1
 * @throws {RangeError} when there are no columns, or fewer than two rows
 * @see NannyML, data reconstruction error; scikit-learn, PCA(n_components=share, svd_solver="full")
 */
export function principalComponents(columns: readonly Float64Array[], share: number): PrincipalComponents {
  const rows = columns[0]?.length ?? 0
  if (rows < 2) throw new RangeError('principalComponents: there are no columns, or fewer than two rows')
  const mean = Float64Array.from(columns, meanOf)
  const scale = Float64Array.from(columns, (column, index) => deviationOf(column, mean[index]!))
  const scaled = columns.map((column, index) => column.map((value) => (value - mean[index]!) / scale[index]!))
  const { values, vectors } = jacobiEigen(covariances(scaled))
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const explained = values.map((value) => (total > 0 ? Math.max(0, value) / total : 0))
  return { mean, scale, components: vectors.slice(0, fewestHolding(explained, share)), explained }
}

/**
 * How far each row lies from its picture in the principal directions: the length of what they leave out, in standard
 * deviations of the sample they were learned from.
 *
 * @param columns  the same columns, any number of rows
 */
export function reconstructionErrors(model: PrincipalComponents, columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0
  const errors = new Float64Array(rows)
  const own = new Float64Array(columns.length)
  for (let row = 0; row < rows; row++) {
    let square = 0
    for (let at = 0; at < own.length; at++) {
      const value = (columns[at]![row]! - model.mean[at]!) / model.scale[at]!
      own[at] = value
      square += value * value
    }
    for (const component of model.components) square -= along(component, own) ** 2
    errors[row] = Math.sqrt(Math.max(0, square))
  }
  return errors
}

function along(component: Float64Array, own: Float64Array): number {
  let sum = 0
  for (let at = 0; at < own.length; at++) sum += component[at]! * own[at]!
  return sum
}

function meanOf(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0) / column.length
}

function deviationOf(column: Float64Array, mean: number): number {
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length
  return variance > 0 ? Math.sqrt(variance) : 1
}

function covariances(scaled: readonly Float64Array[]): Float64Array[] {
  const matrix = scaled.map(() => new Float64Array(scaled.length))
  for (const [i, first] of scaled.entries()) {
    for (const [j, second] of scaled.entries()) {
      if (j < i) matrix[i]![j] = matrix[j]![i]!
      else matrix[i]![j] = along(first, second) / first.length
    }
  }
  return matrix
}

function fewestHolding(explained: Float64Array, share: number): number {
  let held = 0
  for (const [index, part] of explained.entries()) {
    held += part
    if (held > share) return index + 1
  }
  return explained.length
}
