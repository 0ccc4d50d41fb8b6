import { awayFromZero, log1pMinus, stirlingRest } from './gamma.ts'

/**
 * The lower part of the beta distribution, I_x(a, b).
 *
 * Lentz's continued fraction on the side where it converges quickly. The factor x^a y^b / B(a, b) is taken around
 * its maximum, so that large a and b lose no digits.
 *
 * @param a  over 0
 * @param b  over 0
 * @param x  0 to 1
 * @param y  1 - x; give it where it is known better than by subtraction
 * @returns 0 to 1; relative error about 1e-13 where the result is the smaller part
 * @see Numerical Recipes, 3rd edition, 6.4; Loader (2000) for the factor
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  return x < (a + 1) / (a + b + 2) ? lowerPart(a, b, x, y) : 1 - lowerPart(b, a, y, x)
}

function lowerPart(a: number, b: number, x: number, y: number): number {
  const n = a + b
  const excess = x * b - y * a
  const shape = a * log1pMinus(excess / a, (x * n) / a) + b * log1pMinus(-excess / b, (y * n) / b)
  const rest = stirlingRest(n) - stirlingRest(a) - stirlingRest(b)
  return Math.exp(shape + rest) * Math.sqrt(b / (2 * Math.PI * a * n)) * fraction(a, b, x)
}

function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return h
}
