import { expect, test } from 'vitest'
import { binomialSplit, type SplitMinute } from '../../src/statistics/binomial-split.ts'
import { chiSquaredHomogeneity } from '../../src/statistics/chi-squared-homogeneity.ts'
import { nonInferiority } from '../../src/statistics/non-inferiority.ts'
import { sampleRatio } from '../../src/statistics/sample-ratio.ts'
import { expectClose } from './close.ts'
import { drawsFor } from './draws.ts'

const minute = (canaryEvents: number, events: number, share: number): SplitMinute => ({ canaryEvents, events, share })

/** The test without a cap on the minute. */
function bare(canaryEvents: number, events: number, share: number): number | undefined {
  return binomialSplit([minute(canaryEvents, events, share)], 'lower', Number.POSITIVE_INFINITY)[0]
}

test('evidence of a split is that of the formula, computed once with numpy', () => {
  expectClose(bare(25, 145, 1 / 11), 37.42980978817101, 1e-9)
  expectClose(bare(8, 40, 0.05), 92.05450527740655, 1e-9)
  expectClose(bare(2, 40, 0.05), 0.5145322536920406, 1e-9)
  expectClose(bare(4, 30, 0.05)! * bare(14, 32, 0.25)!, 21.397489218174144, 1e-9)
})

test('evidence follows the definition, ratio by ratio and minute by minute', () => {
  const minutes = [minute(3, 20, 0.1), minute(0, 11, 0.12), minute(9, 14, 0.09), minute(1, 0.5 + 1, 0.1)]
  const factor = ({ canaryEvents: k, events: t, share: w }: SplitMinute, r: number) =>
    Math.min(2.5, r ** k / (1 - w + w * r) ** t)
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
  for (const better of ['lower', 'higher'] as const) {
    const ratios = better === 'lower' ? [1.25, 1.5, 2, 3, 5] : [0.8, 0.67, 0.5]
    const path = binomialSplit(minutes, better)
    minutes.forEach((_, last) => {
      const products = ratios.map((r) => minutes.slice(0, last + 1).reduce((all, one) => all * factor(one, r), 1))
      expectClose(path[last], mean(products), 1e-12, `${better} ${last}`)
    })
  }
})

test('under equal arms a minute multiplies the evidence by 1 on average, over all that can happen to 12 events', () => {
  const chances = (w: number) => Array.from({ length: 13 }, (_, k) => choose(12, k) * w ** k * (1 - w) ** (12 - k))
  for (const share of [0.05, 0.25, 0.5, 0.9]) {
    for (const better of ['lower', 'higher'] as const) {
      const mean = (cap: number) =>
        chances(share).reduce(
          (sum, chance, k) => sum + chance * binomialSplit([minute(k, 12, share)], better, cap)[0]!,
          0,
        )
      expectClose(mean(Number.POSITIVE_INFINITY), 1, 1e-12)
      expect(mean(2.5)).toBeLessThanOrEqual(1 + 1e-12)
    }
  }
})

test('no events, no canary and no baseline are no evidence, and one terrible minute is one witness', () => {
  const path = binomialSplit([minute(0, 0, 0.05), minute(0, 9, 0), minute(9, 9, 1)], 'lower')

  expect(path).toEqual([1, 1, 1])
  expect(binomialSplit([minute(5000, 5000, 0.05)], 'lower')[0]).toBeCloseTo(2.5, 12)
  expect(binomialSplit(Array(5000).fill(minute(50, 50, 0.05)), 'lower').at(-1)).toBe(Number.MAX_VALUE)
  expect(binomialSplit(Array(5000).fill(minute(0, 500, 0.5)), 'lower').at(-1)).toBe(0)
})

test.each([
  minute(-1, 3, 0.1),
  minute(4, 3, 0.1),
  minute(1, Number.NaN, 0.1),
  minute(Number.NaN, 3, 0.1),
  minute(1, Number.POSITIVE_INFINITY, 0.1),
  minute(1, 3, 1.1),
  minute(1, 3, Number.NaN),
])('counts that cannot be are refused: %o', (wrong) => {
  expect(() => binomialSplit([minute(1, 3, 0.1), wrong], 'lower')).toThrow(RangeError)
})

test('going on is judged by the end of the interval of SciPy and Newcombe that is the worse one', () => {
  const canary = { events: 25, requests: 1000 }
  const baseline = { events: 120, requests: 10000 }
  const errors = nonInferiority(canary, baseline, { better: 'lower', margin: 0.0249, confidence: 0.95 })

  expectClose(errors.interval[0], 0.004658317651925576, 1e-9)
  expectClose(errors.interval[1], 0.024808171986050946, 1e-9)
  expect(errors).toMatchObject({ worst: errors.interval[1], isShown: true })
  expect(nonInferiority(canary, baseline, { better: 'lower', margin: 0.0248, confidence: 0.95 }).isShown).toBe(false)
  const sales = nonInferiority(baseline, canary, { better: 'higher', margin: 0.02, confidence: 0.95 })
  expectClose(sales.worst, 0.024808171986050946, 1e-9)
  expect(sales.isShown).toBe(false)
})

test('an arm without requests, or a margin of nothing, has no answer', () => {
  const some = { events: 1, requests: 100 }
  const terms = { better: 'lower', margin: 0.01, confidence: 0.9 } as const

  expect(() => nonInferiority({ events: 0, requests: 0 }, some, terms)).toThrow(RangeError)
  expect(() => nonInferiority(some, { events: 0, requests: 0 }, terms)).toThrow(RangeError)
  expect(() => nonInferiority({ events: Number.NaN, requests: 9 }, some, terms)).toThrow(RangeError)
  for (const margin of [0, -0.1, 1, Number.NaN]) {
    expect(() => nonInferiority(some, some, { ...terms, margin })).toThrow(RangeError)
  }
})

test('a split of requests is compared with the weights as a table of counts would be', () => {
  const draws = drawsFor('splits')
  for (let repeat = 0; repeat < 50; repeat++) {
    const planned = 0.05 + 0.9 * draws.uniform()
    const [canary, baseline] = [Math.floor(1000 * draws.uniform()), 500 + Math.floor(9000 * draws.uniform())]
    const n = canary + baseline
    // Against a plan known without error: a second window so large that it adds nothing
    const plan = [1e15 * planned, 1e15 * (1 - planned)]
    const table = chiSquaredHomogeneity(plan, [canary, baseline]).p_value!

    expectClose(sampleRatio(canary, baseline, planned).p_value, table, 1e-6, `${canary} of ${n} at ${planned}`)
  }
  expect(sampleRatio(84, 916, 0.05)).toMatchObject({ isMismatch: true })
  expect(sampleRatio(72, 928, 0.05)).toMatchObject({ isMismatch: false })
  for (const wrong of [0, 1, Number.NaN]) expect(() => sampleRatio(5, 95, wrong)).toThrow(RangeError)
  expect(() => sampleRatio(0, 0, 0.5)).toThrow(RangeError)
  expect(() => sampleRatio(Number.NaN, 10, 0.5)).toThrow(RangeError)
})

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k
}
