import { expect } from 'vitest'

/** Equal to `relative` of the expected number (absolute where that is 0). */
export function expectClose(actual: number | null | undefined, expected: number, relative: number, what = ''): void {
  if (actual === null || actual === undefined) expect.fail(`${what} is ${actual}, expected ${expected}`)
  const tolerance = relative * (expected === 0 ? 1 : Math.abs(expected))
  expect(Math.abs(actual - expected), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(tolerance)
}
