/** Eigenvalues in falling order; `vectors[k]` belongs to `values[k]`, has length 1, and its largest entry is positive. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: readonly Float64Array[]
}

const MOST_SWEEPS = 60

/**
 * Eigenvalues and eigenvectors of a symmetric matrix.
 *
 * Jacobi's method: turns by pairs of axes, sweep after sweep, until nothing stands beside the diagonal.
 *
 * @param matrix  n rows of n finite numbers, symmetric
 * @throws {RangeError} when the matrix is not square or holds a number that is not finite
 * @see Golub, Van Loan, Matrix Computations (2013), 8.5
 * @example [...jacobiEigen([Float64Array.of(2, 0), Float64Array.of(0, 3)]).values] // => [3, 2]
 */
export function jacobiEigen(matrix: readonly Float64Array[]): Eigen {
  const size = matrix.length
  if (matrix.some((row) => row.length !== size || !row.every(Number.isFinite))) {
    throw new RangeError('jacobiEigen: the matrix is not square, or holds a number that is not finite')
  }
  const a = matrix.map((row) => Float64Array.from(row))
  const axes = a.map((_, k) => Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)))
  for (let sweep = 0; sweep < MOST_SWEEPS && besideDiagonal(a) > 0; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) turn(a, axes, p, q)
  }
  const order = Array.from(a, (_, k) => k).sort((i, j) => a[j]![j]! - a[i]![i]!)
  return { values: Float64Array.from(order, (k) => a[k]![k]!), vectors: order.map((k) => facing(axes[k]!)) }
}

/** Sum of squares off the diagonal; 0 once it is nothing beside the diagonal. */
function besideDiagonal(a: readonly Float64Array[]): number {
  let beside = 0
  let whole = 0
  for (const [p, row] of a.entries()) {
    for (const [q, value] of row.entries()) {
      whole += value * value
      if (p !== q) beside += value * value
    }
  }
  return beside > whole * 1e-30 ? beside : 0
}

/** Turns axes p and q so that a[p][q] becomes 0. */
function turn(a: readonly Float64Array[], axes: readonly Float64Array[], p: number, q: number): void {
  const beside = a[p]![q]!
  if (beside === 0) return
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * beside)
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  for (let k = 0; k < a.length; k++) {
    const [kp, kq] = [a[k]![p]!, a[k]![q]!]
    a[k]![p] = cosine * kp - sine * kq
    a[k]![q] = sine * kp + cosine * kq
  }
  for (const rows of [a, axes]) {
    const [first, second] = [rows[p]!, rows[q]!]
    for (let k = 0; k < first.length; k++) {
      const [pk, qk] = [first[k]!, second[k]!]
      first[k] = cosine * pk - sine * qk
      second[k] = sine * pk + cosine * qk
    }
  }
}

/** An eigenvector and its opposite are one: the largest entry decides which is given. */
function facing(axis: Float64Array): Float64Array {
  const largest = axis.reduce((best, entry) => (Math.abs(entry) > Math.abs(best) + 1e-12 ? entry : best), 0)
  return largest < 0 ? axis.map((entry) => -entry) : axis
}
