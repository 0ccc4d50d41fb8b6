const HALF_LOG_TWO_PI = 0.9189385332046727

/**
 * What Stirling's formula leaves out of ln Gamma(x).
 *
 * ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2), by the asymptotic series from x = 10 on, below it by recurrence.
 *
 * @param x  over 0
 * @returns about 1/(12 x), to 1e-15
 */
export function stirlingRest(x: number): number {
  let below = 0
  let at = x
  while (at < 10) {
    below += (at + 0.5) * Math.log1p(1 / at) - 1
    at += 1
  }
  const s = 1 / (at * at)
  const series =
    (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))))) / at
  return below + series
}

/** ln Gamma(x), x over 0, to about 1e-15 relative to the larger of 1 and its value. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingRest(x)
}

/** ln(1 + x) - x without cancellation, x over -1; `ratio` is 1 + x, given where it is known better than by addition. */
export function log1pMinus(x: number, ratio = 1 + x): number {
  if (Math.abs(x) > 0.1) return Math.log(ratio) - x
  let term = x
  let sum = 0
  for (let k = 2; k < 40; k++) {
    term *= -x
    const next = sum + term / k
    if (next === sum) break
    sum = next
  }
  return sum
}

/**
 * The upper tail of the gamma distribution, Q(a, x) = Gamma(a, x) / Gamma(a).
 *
 * Series of the lower part under a + 1, else Lentz's continued fraction; the common factor x^a e^-x / Gamma(a)
 * is taken around its maximum, so that a large a loses no digits.
 *
 * @param a  shape, over 0
 * @param x  0 or more
 * @returns 0 to 1, relative error about 1e-13
 * @see Numerical Recipes, 3rd edition, 6.2; Loader (2000) for the factor
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  const factor = Math.exp(a * log1pMinus((x - a) / a, x / a) - stirlingRest(a)) * Math.sqrt(a / (2 * Math.PI))
  return x < a + 1 ? 1 - factor * lowerSeries(a, x) : factor * upperFraction(a, x)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k)
    sum += term
  }
  return sum
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let k = 1; k < 100_000; k++) {
    const an = -k * (k - a)
    b += 2
    d = 1 / awayFromZero(an * d + b)
    c = awayFromZero(b + an / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return h
}

/** Lentz's guard: a denominator of exactly 0 is moved by next to nothing. */
export function awayFromZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x
}
