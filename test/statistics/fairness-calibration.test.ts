import { expect, test } from 'vitest'
import { binomial } from '../../src/statistics/binomial.ts'
import type { Interval } from '../../src/statistics/estimate.ts'
import type { GroupTally } from '../../src/statistics/group-tally.ts'
import { type DisparityOptions, measureDisparity } from '../../src/statistics/measure-disparity.ts'
import { moverR } from '../../src/statistics/mover-r.ts'
import { type Pcg32, pcg32 } from '../../src/statistics/pcg32.ts'
import { selecting, tally } from './groups.ts'

const isDeep = process.env.WEIGHBRIDGE_DEEP !== undefined
const DRAWS = isDeep ? 20_000 : 2000
const RULE = { confidence: 0.9, min_rows: 30, small_groups: 'report' } as const

/** Share of draws in which something happens. */
function shareOf(draws: number, stream: string, happens: (generator: Pcg32) => boolean): number {
  const generator = pcg32(11, stream)
  let count = 0
  for (let draw = 0; draw < draws; draw++) if (happens(generator)) count++
  return count / draws
}

function drawn(generator: Pcg32, rates: readonly number[], rows: number) {
  return rates.map((rate, index) => selecting(`g${index}`, binomial(generator, rows, rate), rows))
}

test('eight groups of fifty without any unfairness do not fail a limit of 0.1, although their gap looks large (C22)', () => {
  let values = 0
  const failed = shareOf(DRAWS, 'fair', (generator) => {
    const groups = drawn(generator, Array(8).fill(0.3), 50)
    const { value, interval } = measureDisparity(groups, { ...RULE, metric: 'statistical_parity_difference' }).estimate
    values += value!
    return interval![0] > 0.1
  })
  expect(values / DRAWS).toBeGreaterThan(0.17)
  expect(failed).toBeLessThan(0.005)
})

test.each([
  ['one group apart', [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.4], 0.01],
  ['evenly spread', [0.3, 0.31, 0.33, 0.34, 0.36, 0.37, 0.39, 0.4], 0.01],
  ['four against four', [0.3, 0.3, 0.3, 0.3, 0.4, 0.4, 0.4, 0.4], 0.02],
])('eight groups with a gap of exactly 0.1 rarely fail a limit of 0.1: %s', (what, rates, most) => {
  const failed = shareOf(DRAWS, what, (generator) => {
    const groups = drawn(generator, rates, 500)
    const { interval } = measureDisparity(groups, { ...RULE, metric: 'statistical_parity_difference' }).estimate
    return interval![0] > 0.1
  })
  expect(failed).toBeLessThan(most)
})

test.each([
  [50, 2000, 0.061],
  [100, 400, 0.057],
  [500, 2000, 0.054],
])('a ratio of 0.8 among %i and %i rows passes a floor of 0.8 about one time in twenty', (n1, n2, expected) => {
  const passed = shareOf(DRAWS, `ratio ${n1}`, (generator) => {
    const [low] = moverR(binomial(generator, n1, 0.08), n1, binomial(generator, n2, 0.1), n2, 0.9)
    return low >= 0.8
  })
  expect(Math.abs(passed - expected)).toBeLessThan(0.012)
})

const GAP = { metric: 'statistical_parity_difference' }
const RATIO = { metric: 'disparate_impact' }
const TO_FIRST = { privileged: { g: 'g0' } }
const under = ([low, high]: Interval) => Math.max(-low, high) <= 0.1
const over = ([low]: Interval) => low >= 0.8
const within = ([low, high]: Interval) => low >= 0.8 && high <= 1.25

interface Violation {
  readonly what: string
  readonly options: Pick<DisparityOptions, 'metric' | 'privileged'>
  readonly passes: (interval: Interval) => boolean
  readonly draw: (generator: Pcg32) => GroupTally[]
}

const violations: readonly Violation[] = [
  { what: 'gap 0.1, 2 groups', options: GAP, passes: under, draw: (g) => drawn(g, [0.3, 0.4], 800) },
  { what: 'gap 0.1, 5 groups', options: GAP, passes: under, draw: (g) => drawn(g, [0.3, 0.34, 0.36, 0.38, 0.4], 3000) },
  {
    what: 'gap 0.1 to the first',
    options: { ...GAP, ...TO_FIRST },
    passes: under,
    draw: (g) => drawn(g, [0.4, 0.42, 0.3], 2000),
  },
  { what: 'ratio 0.8, 2 groups', options: RATIO, passes: over, draw: (g) => drawn(g, [0.4, 0.5], 600) },
  { what: 'ratio 0.8, 4 groups', options: RATIO, passes: over, draw: (g) => drawn(g, [0.4, 0.45, 0.45, 0.5], 2000) },
  {
    what: 'ratio 1.25 to the first',
    options: { ...RATIO, ...TO_FIRST },
    passes: within,
    draw: (g) => drawn(g, [0.4, 0.42, 0.5], 2000),
  },
  {
    what: 'odds gap 0.1',
    options: { metric: 'equalized_odds_difference' },
    passes: under,
    draw: (g) => oddsGroups(g, 0.7),
  },
  {
    what: 'mean odds gap 0.1',
    options: { metric: 'average_abs_odds_difference' },
    passes: under,
    draw: (g) => oddsGroups(g, 0.6),
  },
]

/** Groups of 2,000 whose true positive rates are 0.8 and `rate`, and false positive rates 0.2 and 0.2. */
function oddsGroups(generator: Pcg32, rate: number) {
  return [0.8, rate].map((tpr, index) => {
    const [tp, fp] = [binomial(generator, 1000, tpr), binomial(generator, 1000, 0.2)]
    return tally(`g${index}`, [tp, 1000 - tp, fp, 1000 - fp])
  })
}

test.each(violations)('who truly violates a rule ($what) passes it at most 6 times in 100', (violation) => {
  const { what, options, passes, draw } = violation
  const passed = shareOf(DRAWS, what, (generator) =>
    passes(measureDisparity(draw(generator), { ...RULE, ...options }).estimate.interval!),
  )
  expect(passed).toBeLessThanOrEqual(0.06)
})

test('a group that truly meets a limit to the privileged one is rarely failed, however many groups there are', () => {
  const rates = [0.4, 0.3, 0.4, 0.4, 0.4, 0.4]
  const failed = shareOf(DRAWS, 'bonferroni', (generator) => {
    const { estimate } = measureDisparity(drawn(generator, rates, 800), { ...RULE, ...GAP, ...TO_FIRST })
    const [low, high] = estimate.interval!
    return low > 0.1 || high < -0.1
  })
  expect(failed).toBeLessThan(0.065)
})
