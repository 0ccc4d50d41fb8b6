import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fairCoinTwoSidedP } from '../../src/statistics/binomial.ts'
import { chiSquaredQuantile, chiSquaredTail } from '../../src/statistics/chi-squared-tail.ts'
import { criticalZ, normalCdf, normalQuantile } from '../../src/statistics/normal.ts'
import { studentQuantile, studentTwoSidedP } from '../../src/statistics/student.ts'
import { expectClose } from './close.ts'

// Expected numbers: mpmath 1.3.0 at 40 digits (ncdf, erfinv, betainc, gammainc), SciPy 1.17.1 for quantiles and binomtest.

test.each([
  [-10, 7.619853024160525e-24],
  [-5.5, 1.8989562465887718e-8],
  [-2.5, 0.006209665325776135],
  [-1.7, 0.04456546275854304],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [0.3, 0.6179114221889527],
  [1.96, 0.9750021048517795],
  [3, 0.9986501019683699],
  [8, 0.9999999999999993],
])('the share of a normal distribution below %d is %d', (x, share) => {
  expectClose(normalCdf(x), share, 1e-12)
})

test.each([
  [1e-12, -7.034483825301132],
  [1e-5, -4.264890793922825],
  [0.01, -2.326347874040841],
  [0.3, -0.5244005127080408],
  [0.5, 0],
  [0.8, 0.8416212335729142],
  [0.975, 1.9599639845400543],
  [0.9999, 3.7190164854556804],
])('a share %d of a normal distribution lies below %d', (p, x) => {
  expectClose(normalQuantile(p), x, 1e-12)
})

test.each([
  [0.5, 1, 0.7048327646991335],
  [12.7, 1, 0.05002432768934416],
  [2, 2.5, 0.157391495757966],
  [-3, 29, 0.0054991921339034066],
  [40, 29, 6.346877329729348e-27],
  [1.96, 499, 0.05055190288410029],
  [2.6, 7999, 0.009339512866479882],
  [1.7, 1_000_000, 0.08913123649034876],
])('a t of %d on %d degrees of freedom has the p-value %d', (t, df, p) => {
  expectClose(studentTwoSidedP(t, df), p, 1e-11)
})

test.each([
  [0.975, 1, 12.706204736174694],
  [0.95, 2, 2.9199855803537242],
  [0.9995, 3, 12.923978636687961],
  [0.3, 10, -0.5415280387550154],
  [0.95, 499, 1.6479129840597124],
  [0.975, 7999, 1.9602605996327755],
  [0.995, 1e6, 2.5758342201053344],
])('a share %d of Student t on %d degrees of freedom lies below %d', (p, df, t) => {
  expectClose(studentQuantile(p, df), t, 1e-11)
})

test.each([
  [0.001, 1, 0.9747728793699604],
  [3.84, 1, 0.0500435212487051],
  [60, 1, 9.485737571073848e-15],
  [900, 1, 9.813427854296374e-198],
  [9.1, 3, 0.027990457932157098],
  [500, 30, 1.2079559936813976e-86],
  [30, 30, 0.46565370894400965],
  [80, 100, 0.9296649333406051],
  [1200, 1000, 1.2255942330622905e-5],
  [100_500, 100_000, 0.13185481160338378],
])('chi-squared of %d on %d degrees of freedom has the tail %d', (x, df, tail) => {
  expectClose(chiSquaredTail(x, df), tail, 1e-9)
})

test.each([
  [0.01, 1, 0.00015708785790970184],
  [0.95, 1, 3.841458820694124],
  [0.5, 2, 1.386294361119891],
  [0.99, 37, 59.89250004508689],
  [0.95, 499, 552.0747427318581],
  [1e-6, 5, 0.012896160206497087],
])('a share %d of chi-squared on %d degrees of freedom lies below %d', (p, df, x) => {
  expectClose(chiSquaredQuantile(p, df), x, 1e-10)
})

test.each([
  [147, 422, 4.686421980184292e-10],
  [2, 10, 0.109375],
  [5, 10, 1],
  [0, 3, 0.25],
  [80, 156, 0.8102758772916923],
  [499_000, 1_000_000, 0.0456082998653896],
])('%d heads among %d fair tosses have the p-value %d', (heads, tosses, p) => {
  expectClose(fairCoinTwoSidedP(heads, tosses), p, 1e-9)
})

test('quantiles undo what distributions do', () => {
  const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
  const degrees = fc.integer({ min: 1, max: 2000 })
  fc.assert(
    fc.property(share, degrees, (p, df) => {
      expectClose(normalCdf(normalQuantile(p)), p, 1e-12)
      expectClose(chiSquaredTail(chiSquaredQuantile(p, df), df), 1 - p, 1e-8)
      const t = studentQuantile(p, df)
      expectClose(studentTwoSidedP(t, df), 2 * Math.min(p, 1 - p), 1e-9)
      expect(Math.sign(t)).toBe(Math.sign(p - 0.5))
    }),
  )
})

test('infinite arguments have their limits, and what is no number is refused', () => {
  expect([normalCdf(-Infinity), normalCdf(Infinity)]).toEqual([0, 1])
  expect([studentTwoSidedP(Infinity, 3), studentTwoSidedP(0, 3)]).toEqual([0, 1])
  expect([chiSquaredTail(Infinity, 3), chiSquaredTail(0, 3), chiSquaredTail(-1, 3)]).toEqual([0, 1, 1])
  expect(chiSquaredQuantile(0, 3)).toBe(0)
  for (const refused of [
    () => normalCdf(Number.NaN),
    () => normalQuantile(0),
    () => normalQuantile(1),
    () => normalQuantile(Number.NaN),
    () => criticalZ(1),
    () => criticalZ(0),
    () => studentTwoSidedP(Number.NaN, 3),
    () => studentTwoSidedP(1, 0),
    () => studentQuantile(1, 3),
    () => studentQuantile(0.5, Number.NaN),
    () => chiSquaredTail(Number.NaN, 1),
    () => chiSquaredTail(1, 0),
    () => chiSquaredQuantile(1, 1),
  ]) {
    expect(refused).toThrow(RangeError)
  }
})
