/** A rising line through `at[k]`, `to[k]`; level beyond both ends. */
export interface IsotonicMap {
  /** Rising. */
  readonly at: Float64Array
  /** Never falling. */
  readonly to: Float64Array
}

/**
 * The rising map from scores to shares that lies nearest to what happened (least squares).
 *
 * Pool adjacent violators: neighbours that would fall are put together until nothing falls. Rows of one score count as one
 * point; between points the map is linear, as scikit-learn has it.
 *
 * @param score   finite, rising
 * @param label   what happened, in the order of the scores; usually 0 or 1
 * @param weight  how much each row counts, 0 or more; a row of 0 does not count
 * @throws {RangeError} when no row counts, or the scores fall
 * @see Barlow et al. (1972); scikit-learn, IsotonicRegression(out_of_bounds="clip")
 * @example [...isotonicMap(Float64Array.of(1, 2, 3), Float64Array.of(0, 1, 0)).to] // => [0, 0.5, 0.5]
 */
export function isotonicMap(score: Float64Array, label: ArrayLike<number>, weight?: ArrayLike<number>): IsotonicMap {
  const sum = new Float64Array(score.length)
  const mass = new Float64Array(score.length)
  const first = new Float64Array(score.length)
  const last = new Float64Array(score.length)
  let blocks = 0
  for (let row = 0; row < score.length; row++) {
    const counts = weight === undefined ? 1 : weight[row]!
    if (!(score[row]! >= (score[row - 1] ?? -Infinity)))
      throw new RangeError('isotonicMap: the scores fall, or hold NaN')
    if (counts === 0) continue
    if (blocks === 0 || last[blocks - 1] !== score[row]) {
      blocks = pooledBack(blocks, sum, mass, last) + 1
      first[blocks - 1] = score[row]!
      last[blocks - 1] = score[row]!
      sum[blocks - 1] = 0
      mass[blocks - 1] = 0
    }
    sum[blocks - 1]! += counts * label[row]!
    mass[blocks - 1]! += counts
  }
  if (blocks === 0) throw new RangeError('isotonicMap: no row counts')
  return corners(pooledBack(blocks, sum, mass, last), { sum, mass, first, last })
}

/** Puts the last block to the one before it while it lies no higher. */
function pooledBack(blocks: number, sum: Float64Array, mass: Float64Array, last: Float64Array): number {
  let left = blocks
  while (left > 1 && sum[left - 2]! * mass[left - 1]! >= sum[left - 1]! * mass[left - 2]!) {
    sum[left - 2]! += sum[left - 1]!
    mass[left - 2]! += mass[left - 1]!
    last[left - 2] = last[left - 1]!
    left--
  }
  return left
}

function corners(
  blocks: number,
  { sum, mass, first, last }: Readonly<Record<'sum' | 'mass' | 'first' | 'last', Float64Array>>,
): IsotonicMap {
  const at = new Float64Array(2 * blocks)
  const to = new Float64Array(2 * blocks)
  let kept = 0
  for (let block = 0; block < blocks; block++) {
    const level = sum[block]! / mass[block]!
    for (const corner of first[block] === last[block] ? [first[block]!] : [first[block]!, last[block]!]) {
      at[kept] = corner
      to[kept++] = level
    }
  }
  return { at: at.slice(0, kept), to: to.slice(0, kept) }
}

/**
 * Where the map takes rising scores.
 *
 * @param score  rising
 * @param into   filled and returned
 */
export function mapRising(map: IsotonicMap, score: Float64Array, into = new Float64Array(score.length)): Float64Array {
  const { at, to } = map
  let above = 0
  for (let row = 0; row < score.length; row++) {
    const x = score[row]!
    while (above < at.length && at[above]! < x) above++
    if (above === 0) into[row] = to[0]!
    else if (above === at.length) into[row] = to[above - 1]!
    else {
      const [left, right] = [at[above - 1]!, at[above]!]
      into[row] = to[above - 1]! + ((to[above]! - to[above - 1]!) * (x - left)) / (right - left)
    }
  }
  return into
}
