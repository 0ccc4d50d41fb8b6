import type { Chunk } from './chunk.ts'
import { addDyadic, type Dyadic, dyadicOf, timesDyadic, ZERO } from './dyadic.ts'

/** The sums that mean and standard deviation are made of, to the last bit. */
export interface Sums {
  readonly sum: Dyadic
  readonly squares: Dyadic
}

export interface SumsBuilder {
  add(chunk: Chunk): void
  sums(): Sums
}

/** Biased exponents between which a square and its rounding error are exact doubles. */
const LEAST_EXPONENT = 1023 - 480
const MOST_EXPONENT = 1023 + 480
/** Dekker's factor: splits 53 bits into 26 and 26 with a sign. */
const SPLITTER = 2 ** 27 + 1
/** A cell takes halves of 27 bits; so many of them fit into its 53. */
const FLUSH_AFTER = 2 ** 25
const CELLS = 8

/**
 * Sums x and x squared of many doubles without any rounding, so that order, chunks and partitions can't be seen.
 *
 * Each value, its square and the square's rounding error are split into halves of 26 bits, and halves of one exponent
 * are added in one double, which is exact for 2^26 of them; then the cells move into integers of any size. Very large
 * and very small values go there at once.
 *
 * @see Dekker (1971) for the product; Neal, Fast exact summation using small and large superaccumulators (2015)
 * @example exactSums().sums().sum // => { units: 0n, power: 0 }
 */
export function exactSums(): SumsBuilder {
  const cells = new Float64Array(CELLS * 2048)
  let [sum, squares] = [ZERO, ZERO]
  let waiting = 0
  const flush = () => {
    for (let at = 0; at < cells.length; at += CELLS) {
      if (cells[at] === 0 && cells[at + 1] === 0 && cells[at + 2] === 0) continue
      for (let cell = 0; cell < 2; cell++) sum = addDyadic(sum, dyadicOf(cells[at + cell]!))
      for (let cell = 2; cell < 6; cell++) squares = addDyadic(squares, dyadicOf(cells[at + cell]!))
      // only what was used, so that memory which nobody touched is never taken
      cells.fill(0, at, at + CELLS)
    }
    waiting = 0
  }
  const addFar = (value: number) => {
    const exact = dyadicOf(value)
    sum = addDyadic(sum, exact)
    squares = addDyadic(squares, timesDyadic(exact, exact))
  }
  return {
    add(chunk) {
      if (waiting + chunk.length > FLUSH_AFTER) flush()
      waiting += chunk.length
      addNear(cells, chunk, addFar)
    },
    sums() {
      flush()
      return { sum, squares }
    },
  }
}

function addNear(cells: Float64Array, { values, words, length }: Chunk, addFar: (value: number) => void): void {
  for (let i = 0; i < length; i++) {
    const exponent = (words[2 * i + 1]! >>> 20) & 0x7ff
    const x = values[i]!
    if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT) {
      if (x !== 0) addFar(x)
      continue
    }
    const at = exponent * CELLS
    const wide = SPLITTER * x
    const high = wide - (wide - x)
    const low = x - high
    const square = x * x
    const error = high * high - square + 2 * high * low + low * low
    const wideSquare = SPLITTER * square
    const highSquare = wideSquare - (wideSquare - square)
    const wideError = SPLITTER * error
    const highError = wideError - (wideError - error)
    cells[at]! += high
    cells[at + 1]! += low
    cells[at + 2]! += highSquare
    cells[at + 3]! += square - highSquare
    cells[at + 4]! += highError
    cells[at + 5]! += error - highError
  }
}
