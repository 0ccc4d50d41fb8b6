/** So many of each unknown add up to something known. */
export type Equation = ReadonlyMap<number, number>

const PRIME = 1_000_003

/**
 * Which unknowns a system of linear equations gives away, whatever its right sides are.
 *
 * Reduces the coefficients to echelon form modulo a prime; an unknown is determined when a row holds it alone.
 *
 * @param unknowns   how many there are; each is named by its index
 * @param equations  coefficients by unknown, whole numbers
 * @returns indexes of the determined unknowns, ascending
 * @example determined(2, [new Map([[0, 1], [1, 1]]), new Map([[1, 1]])]) // => [0, 1]
 */
export function determined(unknowns: number, equations: readonly Equation[]): readonly number[] {
  const rows = equations.map((equation) => {
    const row = new Float64Array(unknowns)
    for (const [unknown, times] of equation) row[unknown] = modulo(times)
    return row
  })
  const reduced = reduce(rows, unknowns)
  const alone = reduced.flatMap((row) => {
    const held = [...row.keys()].filter((unknown) => row[unknown] !== 0)
    return held.length === 1 ? held : []
  })
  return alone.sort((a, b) => a - b)
}

function reduce(rows: Float64Array[], unknowns: number): readonly Float64Array[] {
  let pivots = 0
  for (let unknown = 0; unknown < unknowns && pivots < rows.length; unknown++) {
    const found = rows.findIndex((row, index) => index >= pivots && row[unknown] !== 0)
    if (found < 0) continue
    const pivot = rows[found]!
    rows[found] = rows[pivots]!
    rows[pivots] = pivot
    scale(pivot, inverse(pivot[unknown]!))
    for (const row of rows) if (row !== pivot && row[unknown] !== 0) subtract(row, pivot, row[unknown]!)
    pivots++
  }
  return rows.slice(0, pivots)
}

function scale(row: Float64Array, by: number): void {
  for (let index = 0; index < row.length; index++) row[index] = modulo(row[index]! * by)
}

function subtract(row: Float64Array, other: Float64Array, times: number): void {
  for (let index = 0; index < row.length; index++) {
    if (other[index] !== 0) row[index] = modulo(row[index]! - times * other[index]!)
  }
}

function modulo(value: number): number {
  return ((value % PRIME) + PRIME) % PRIME
}

/** Fermat: a to the power of p - 2. */
function inverse(value: number): number {
  let result = 1
  let power = value
  for (let rest = PRIME - 2; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = modulo(result * power)
    power = modulo(power * power)
  }
  return result
}
