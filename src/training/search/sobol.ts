const BITS = 32

/**
 * Primitive polynomial (its bits, the highest and lowest among them) and first odd direction numbers of each dimension.
 *
 * @see Joe, Kuo, Constructing Sobol sequences with better two-dimensional projections (2008), new-joe-kuo-6.21201
 */
const DIRECTIONS: readonly { readonly polynomial: number; readonly first: readonly number[] }[] = [
  { polynomial: 1, first: [1] },
  { polynomial: 3, first: [1] },
  { polynomial: 7, first: [1, 3] },
  { polynomial: 11, first: [1, 3, 1] },
  { polynomial: 13, first: [1, 1, 1] },
  { polynomial: 19, first: [1, 1, 3, 3] },
  { polynomial: 25, first: [1, 3, 5, 13] },
  { polynomial: 37, first: [1, 1, 5, 5, 17] },
  { polynomial: 41, first: [1, 1, 5, 5, 5] },
  { polynomial: 47, first: [1, 1, 7, 11, 19] },
  { polynomial: 55, first: [1, 1, 5, 1, 1] },
  { polynomial: 59, first: [1, 1, 1, 3, 11] },
  { polynomial: 61, first: [1, 3, 5, 5, 31] },
  { polynomial: 67, first: [1, 3, 3, 9, 7, 49] },
  { polynomial: 91, first: [1, 1, 1, 15, 21, 21] },
  { polynomial: 97, first: [1, 3, 1, 13, 27, 49] },
]

export const MOST_SOBOL_DIMENSIONS = DIRECTIONS.length

/**
 * Points of a Sobol sequence: they fill a cube more evenly than chance does.
 *
 * Gray code order, beginning at the origin. A shift turns the bits of one dimension over in all points, which keeps
 * the evenness and takes the points off the borders.
 *
 * @param dimensions  1 to 16
 * @param count       how many points
 * @param shift       32 bits a dimension; none: the plain sequence
 * @returns points, each coordinate from 0 to below 1
 * @throws {RangeError} for more dimensions than there are direction numbers
 * @see Bratley, Fox, Algorithm 659 (1988)
 * @example sobolPoints(2, 3) // => [[0, 0], [0.5, 0.5], [0.75, 0.25]]
 */
export function sobolPoints(
  dimensions: number,
  count: number,
  shift: readonly number[] = [],
): readonly (readonly number[])[] {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_SOBOL_DIMENSIONS)
    throw new RangeError(`a Sobol sequence here has 1 to ${MOST_SOBOL_DIMENSIONS} dimensions, not ${dimensions}`)
  const numbers = DIRECTIONS.slice(0, dimensions).map(directionNumbers)
  const now = numbers.map(() => 0)
  return Array.from({ length: count }, (_, index) => {
    const point = now.map((bits, dimension) => ((bits ^ (shift[dimension] ?? 0)) >>> 0) / 2 ** BITS)
    const changed = lowestZero(index)
    numbers.forEach((ofDimension, dimension) => {
      now[dimension] = (now[dimension]! ^ ofDimension[changed]!) >>> 0
    })
    return point
  })
}

/** Direction numbers as 32-bit fractions, by the recurrence over the polynomial's bits. */
function directionNumbers({ polynomial, first }: (typeof DIRECTIONS)[number]): readonly number[] {
  const degree = 31 - Math.clz32(polynomial)
  const odd = degree === 0 ? Array.from({ length: BITS }, () => 1) : [...first]
  for (let j = odd.length; j < BITS; j++) {
    let next = odd[j - degree]! ^ (odd[j - degree]! << degree)
    for (let k = 1; k < degree; k++) if ((polynomial >>> (degree - k)) & 1) next ^= odd[j - k]! << k
    odd.push(next >>> 0)
  }
  return odd.map((one, j) => (one << (BITS - 1 - j)) >>> 0)
}

/** Place of the lowest 0 among the bits of a number. */
function lowestZero(index: number): number {
  return 31 - Math.clz32(~index & (index + 1))
}
