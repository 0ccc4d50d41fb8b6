import { expect, test } from 'vitest'
import { binomial } from '../../src/statistics/binomial.ts'
import { binomialSplit, type SplitMinute } from '../../src/statistics/binomial-split.ts'
import { nonInferiority } from '../../src/statistics/non-inferiority.ts'
import { sampleRatio } from '../../src/statistics/sample-ratio.ts'
import { DEEP, type Draws, drawsFor } from './draws.ts'

const RUNS = DEEP ? 20_000 : 1_000
const MINUTES = 30
const ALPHA = 0.05

interface Traffic {
  /** The canary's share of 2,000 requests a minute. */
  readonly share: number
  /** How often the event is, minute by minute. */
  readonly rate: (minute: number) => number
  /** How many times as often it is in the canary. */
  readonly ratio?: number
  /** Events come in runs of this mean length in the same arm. */
  readonly burst?: number
  /** By how much the source stretches its counts. */
  readonly stretched?: number
}

function minuteOf(draws: Draws, at: number, traffic: Traffic): SplitMinute {
  const { share, rate, ratio = 1, burst = 1, stretched = 1 } = traffic
  const canary = binomial(draws, 2000, share)
  const events = (n: number, p: number) => {
    const first = binomial(draws, n, p / burst)
    let all = 0
    for (let one = 0; one < first; one++) all += runLength(draws, burst)
    return Math.min(n, all)
  }
  const canaryEvents = events(canary, rate(at) * ratio)
  const all = canaryEvents + events(2000 - canary, rate(at))
  return { canaryEvents: canaryEvents * stretched, events: all * stretched, share: canary / 2000 }
}

/** Geometric, 1 or more. */
function runLength(draws: Draws, mean: number): number {
  if (mean === 1) return 1
  return 1 + Math.floor(Math.log(1 - draws.uniform()) / Math.log(1 - 1 / mean))
}

/** Share of the rollouts that are called worse at any look, and the look in which half of these are. */
function called(what: string, traffic: Traffic, better: 'lower' | 'higher' = 'lower', cap?: number) {
  const draws = drawsFor(what)
  const looks: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const minutes = Array.from({ length: MINUTES }, (_, at) => minuteOf(draws, at, traffic))
    const look = binomialSplit(minutes, better, cap).findIndex((e) => e >= 1 / ALPHA)
    if (look >= 0) looks.push(look + 1)
  }
  const share = looks.length / RUNS
  const median = looks.sort((a, b) => a - b)[Math.floor(looks.length / 2)]
  console.info(
    `${what}: ${(100 * share).toFixed(1)} % called worse${median === undefined ? '' : `, half by look ${median}`}`,
  )
  return { share, median }
}

const steady = (p: number) => () => p

test.each<[string, Traffic]>([
  ['1 % of errors', { share: 0.05, rate: steady(0.01) }],
  ['0.2 % of errors', { share: 0.05, rate: steady(0.002) }],
  ['errors that come and go with the day', { share: 0.05, rate: (at) => 0.01 * (1 + 0.9 * Math.sin(at / 4)) }],
  ['a quarter of the traffic', { share: 0.25, rate: steady(0.01) }],
  ['half of the traffic, every third request slow', { share: 0.5, rate: steady(0.33) }],
  ['errors in runs of three', { share: 0.05, rate: steady(0.01), burst: 3 }],
  ['errors in runs of five', { share: 0.05, rate: steady(0.01), burst: 5 }],
])('an equal canary is called worse in less than 5 of 100 rollouts, however often one looks: %s', (what, traffic) => {
  expect(called(what, traffic).share).toBeLessThan(ALPHA)
})

test('an equal canary is called worse in its conversions in less than 5 of 100 rollouts', () => {
  expect(called('conversions', { share: 0.25, rate: steady(0.04) }, 'higher').share).toBeLessThan(ALPHA)
})

test('without the cap on the minute, errors in runs would roll back good canaries', () => {
  const bare = called('runs of three, no cap', { share: 0.05, rate: steady(0.01), burst: 3 }, 'lower', Infinity)

  expect(bare.share).toBeGreaterThan(0.15)
})

test('doubled errors are found in nine of ten rollouts at 5 % of the traffic, five times as many within minutes', () => {
  const doubled = called('doubled', { share: 0.05, rate: steady(0.01), ratio: 2 })
  const fivefold = called('fivefold', { share: 0.05, rate: steady(0.01), ratio: 5 })

  expect(doubled.share).toBeGreaterThan(0.9)
  expect(fivefold.share).toBeGreaterThan(0.999)
  expect(fivefold.median).toBeLessThanOrEqual(5)
})

test('conversions that fall by a third are found in nine of ten rollouts at a quarter of the traffic', () => {
  const fallen = called('fallen', { share: 0.25, rate: steady(0.04), ratio: 0.67 }, 'higher')

  expect(fallen.share).toBeGreaterThan(0.9)
})

test('counts that Prometheus has stretched over the minute exaggerate the evidence, as much as says the rule', () => {
  const traffic = { share: 0.5, rate: steady(0.01) }
  const stretched = called('stretched by 2', { ...traffic, stretched: 2 }, 'lower', Infinity)
  const drawn = called('as they were', traffic, 'lower', Infinity)

  expect(stretched.share).toBeGreaterThan(ALPHA)
  expect(drawn.share).toBeLessThan(ALPHA)
})

test('a canary that is worse by the whole margin goes on in 5 of 100 steps, an equal one in nine of ten', () => {
  const terms = { better: 'lower', margin: 0.01, confidence: 0.9 } as const
  const goesOn = (ratio: number) => {
    const draws = drawsFor(`margin ${ratio}`)
    let shown = 0
    for (let run = 0; run < 4 * RUNS; run++) {
      const canary = { events: binomial(draws, 2000, 0.01 * ratio), requests: 2000 }
      const baseline = { events: binomial(draws, 38_000, 0.01), requests: 38_000 }
      if (nonInferiority(canary, baseline, terms).isShown) shown += 1
    }
    return shown / (4 * RUNS)
  }

  const [bad, good] = [goesOn(2), goesOn(1)]
  console.info(`goes on: ${(100 * bad).toFixed(1)} % at the margin, ${(100 * good).toFixed(1)} % when equal`)
  expect(bad).toBeLessThan(0.062)
  expect(bad).toBeGreaterThan(0.02)
  expect(good).toBeGreaterThan(0.9)
})

test('weights that are kept are called broken in 1 of 1,000 looks, a share of 6 % instead of 5 % nearly always', () => {
  const broken = (share: number) => {
    const draws = drawsFor(`routing ${share}`)
    const runs = 10 * RUNS
    let found = 0
    for (let run = 0; run < runs; run++) {
      const canary = binomial(draws, 20_000, share)
      if (sampleRatio(canary, 20_000 - canary, 0.05).isMismatch) found += 1
    }
    return found / runs
  }

  expect(broken(0.05)).toBeLessThan(0.0025)
  expect(broken(0.06)).toBeGreaterThan(0.99)
})
