import { isotonicMap, mapRising } from './isotonic.ts'

/** One score of rows, rising. */
export interface SortedScore {
  /** Places of the rows by rising score. */
  readonly order: Uint32Array
  readonly score: Float64Array
}

/**
 * A score put in order.
 *
 * @param then  what decides between rows of one score
 * @example [...sortedScore(Float64Array.of(0.9, 0.1)).order] // => [1, 0]
 */
export function sortedScore(score: Float64Array, then?: (a: number, b: number) => number): SortedScore {
  const order = Uint32Array.from(score, (_, row) => row).sort((a, b) => score[a]! - score[b]! || (then?.(a, b) ?? 0))
  return { order, score: Float64Array.from(order, (row) => score[row]!) }
}

/** The score of one class, rising, with what it is learned from. */
export interface SortedClass extends SortedScore {
  /** 1 where the row is of the class, in rising order of the score. */
  readonly isClass: Uint8Array
}

/**
 * The score of class `k` put in order; rows of one score by their label, so that the order they came in means nothing.
 *
 * @param label  place of the true class of each row
 */
export function sortedClass(score: Float64Array, label: Int32Array, k: number): SortedClass {
  const found = sortedScore(score, (a, b) => label[a]! - label[b]!)
  return { ...found, isClass: Uint8Array.from(found.order, (row) => (label[row] === k ? 1 : 0)) }
}

/**
 * The part of each class in each row: each class calibrated against all others by isotonic regression, the parts of a row
 * scaled to 1.
 *
 * @param learned  calibration rows, one entry a class
 * @param asked    rows that are asked about, one entry a class
 * @param times    how often each calibration row counts, in the order of the rows; null: once
 * @returns an array a class, in the order of the asked rows; a row that no class claims is of every class alike
 */
export function classParts(
  learned: readonly SortedClass[],
  asked: readonly SortedScore[],
  times: Float64Array | null,
): Float64Array[] {
  const parts = learned.map(({ order, score, isClass }, k) => {
    const weight = times === null ? undefined : Float64Array.from(order, (row) => times[row]!)
    const rising = mapRising(isotonicMap(score, isClass, weight), asked[k]!.score)
    const part = new Float64Array(rising.length)
    for (let place = 0; place < part.length; place++) part[asked[k]!.order[place]!] = rising[place]!
    return part
  })
  scaleToOne(parts)
  return parts
}

function scaleToOne(parts: readonly Float64Array[]): void {
  for (let row = 0; row < parts[0]!.length; row++) {
    let sum = 0
    for (const part of parts) sum += part[row]!
    for (const part of parts) part[row] = sum > 0 ? part[row]! / sum : 1 / parts.length
  }
}
