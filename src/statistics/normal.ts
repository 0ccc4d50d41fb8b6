import { upperGamma } from './gamma.ts'

/**
 * The share of a standard normal distribution that lies below x.
 *
 * @param x  standard deviations from the mean; infinite is fine
 * @returns 0 to 1, relative error about 1e-13 in both tails
 * @throws {RangeError} when x is NaN
 * @example normalCdf(1.96) // => 0.9750021048517796
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('normalCdf: x is not a number')
  const tail = upperGamma(0.5, (x * x) / 2) / 2
  return x > 0 ? 1 - tail : tail
}

const CENTRE = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
]
const CENTRE_BELOW = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
]
const MIDDLE = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
]
const MIDDLE_BELOW = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
]
const TAIL = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
]
const TAIL_BELOW = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
]

/**
 * The point below which a share p of a standard normal distribution lies.
 *
 * @param p  0 < p < 1
 * @returns standard deviations from the mean, relative error about 1e-15
 * @throws {RangeError} when p is not between 0 and 1
 * @see Wichura, Algorithm AS 241 (1988), PPND16
 * @example normalQuantile(0.975) // => 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: p is ${p}, it must lie between 0 and 1`)
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(CENTRE, r)) / polynomial(CENTRE_BELOW, r)
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const distance =
    r <= 5
      ? polynomial(MIDDLE, r - 1.6) / polynomial(MIDDLE_BELOW, r - 1.6)
      : polynomial(TAIL, r - 5) / polynomial(TAIL_BELOW, r - 5)
  return q < 0 ? -distance : distance
}

function polynomial(highestFirst: readonly number[], x: number): number {
  return highestFirst.reduce((sum, coefficient) => sum * x + coefficient, 0)
}

/**
 * How many standard errors a two-sided normal interval reaches to each side.
 *
 * @param confidence  0 < confidence < 1
 * @throws {RangeError} when confidence is not between 0 and 1
 * @example criticalZ(0.95) // => 1.959963984540054
 */
export function criticalZ(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence is ${confidence}, it must lie between 0 and 1`)
  }
  return normalQuantile((1 + confidence) / 2)
}
