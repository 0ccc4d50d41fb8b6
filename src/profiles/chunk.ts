/** Finite numbers of one column, a few thousand at a time, small enough to stay in the nearest cache. */
export interface Chunk {
  /** -0 is 0 here. */
  readonly values: Float64Array
  /** The same memory as 32-bit words, low word first: places 2i and 2i + 1 are value i. */
  readonly words: Uint32Array
  readonly length: number
}

/**
 * A chunk of these numbers.
 *
 * @param numbers  finite
 * @throws {RangeError} when one is not finite
 * @example chunkOf([1, 2]).length // => 2
 */
export function chunkOf(numbers: ArrayLike<number>): Chunk {
  const values = new Float64Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) throw new RangeError(`chunkOf: number ${i} is not finite`)
    values[i] = numbers[i]! + 0
  }
  return { values, words: new Uint32Array(values.buffer), length: values.length }
}
