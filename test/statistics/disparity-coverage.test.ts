import { expect, test } from 'vitest'
import {
  drawTallies,
  measureClusteredDifference,
  measureDrawnDisparity,
} from '../../src/measuring/clustered-fairness.ts'
import { meanGap, meanRates } from '../../src/measuring/group-means.ts'
import { DISPARITIES } from '../../src/statistics/disparities.ts'
import type { Disparity } from '../../src/statistics/disparity.ts'
import { measureDisparityDifference } from '../../src/statistics/disparity-difference.ts'
import { groupRows } from '../../src/statistics/group-rows.ts'
import { cellsByGroup, tallyGroups, tallyRegression } from '../../src/statistics/group-tally.ts'
import { type DisparityOptions, measureDisparity } from '../../src/statistics/measure-disparity.ts'
import { type Band, bands, Coverage } from './coverage.ts'
import { DEEP, type Draws, drawsFor } from './draws.ts'
import { binaryLaw, type Law, regressionLaw, type Sampling } from './laws.ts'

const ROWS: Sampling = { rowsOfUnit: 1, isWeighted: false }
const UNITS: Sampling = { rowsOfUnit: 3, isWeighted: false }
const WEIGHTS: Sampling = { rowsOfUnit: 1, isWeighted: true }
const OPTIONS = { confidence: 0.95, min_rows: 5, small_groups: 'report' } as const
/** Two groups that are treated differently. */
const BINARY = [binaryLaw(0.55, [0.85, 0.8]), binaryLaw(0.4, [0.8, 0.8])] as const
const NUMBERS = [regressionLaw(), regressionLaw(1.4)] as const

type Groups = readonly [Law, Law]
type Crowd = ReturnType<typeof crowd>

/** As many units of each group, each group by its own law. */
function crowd(draws: Draws, laws: Groups, units: number, sampling: Sampling) {
  const [a, b] = laws.map((law) => law(draws, units, sampling))
  const join = (of: (pair: typeof a & object) => ArrayLike<number>) =>
    Float64Array.from([...Array.from(of(a!)), ...Array.from(of(b!))])
  const rows = a!.candidate.label.length
  const codes = Int32Array.from({ length: 2 * rows }, (_, row) => (row < rows ? 0 : 1))
  return {
    grouping: groupRows([{ name: 'g', values: ['a', 'b'], codes }]),
    label: join(({ candidate }) => candidate.label),
    prediction: join(({ candidate }) => candidate.prediction),
    incumbent: join(({ incumbent }) => incumbent.prediction),
    score: join(({ candidate }) => ('score' in candidate && candidate.score) || candidate.prediction),
    unit: a!.candidate.unit && codes.map((_, row) => Math.floor(row / sampling.rowsOfUnit)),
    weight: a!.candidate.weight && join(({ candidate }) => candidate.weight!),
  }
}

function disparitiesOf(rows: Crowd, task: 'binary' | 'regression') {
  if (rows.unit !== null || rows.weight !== null) {
    const tallies = drawTallies(rows, task)
    return (asked: DisparityOptions): Disparity => measureDrawnDisparity(tallies, asked)
  }
  const tallies = (task === 'binary' ? tallyGroups : tallyRegression)(rows.grouping, rows.label, rows.prediction)
  return (asked: DisparityOptions): Disparity => measureDisparity(tallies, asked)
}

function differenceOf(rows: Crowd, asked: DisparityOptions) {
  if (rows.unit !== null || rows.weight !== null) return measureClusteredDifference(rows, rows.incumbent, asked)
  return measureDisparityDifference(cellsByGroup(rows.grouping, rows.label, rows.incumbent, rows.prediction), asked)
}

/** Disparities whose difference from the incumbent's is measured in the short run too. */
const PAIRED = ['statistical_parity_difference', 'disparate_impact']

/** Every number with an interval that a report on groups shows: name, value, interval. */
function* shown(rows: Crowd, task: 'binary' | 'regression') {
  const measure = disparitiesOf(rows, task)
  for (const { name } of DISPARITIES.filter((one) => one.task === task)) {
    const all = measure({ ...OPTIONS, metric: name })
    yield [name, all.estimate.value, all.estimate.interval] as const
    const against = measure({ ...OPTIONS, metric: name, privileged: { g: 'a' } })
    yield [`${name} to a`, against.estimate.value, against.estimate.interval] as const
    if (task === 'binary' && (DEEP || PAIRED.includes(name))) {
      const { value, interval } = differenceOf(rows, { ...OPTIONS, metric: name })
      yield [`${name} difference`, value, interval] as const
    }
    if (name.startsWith('statistical') || name.startsWith('mean_prediction'))
      for (const [rate, interval] of Object.entries(all.groups[1]!.intervals))
        yield [`${rate} of b`, all.groups[1]!.metrics[rate]!, interval] as const
  }
  const gap = meanGap(
    rows,
    meanRates(rows, (row) => rows.score[row]!),
    [0, 1],
    OPTIONS.confidence,
  )
  yield ['mean score', gap.value, gap.interval] as const
}

/**
 * Two rates at once, or one interval for the worse of two, take their level from both. And a gap is never below zero:
 * where the true one lies near it, as those of these do, its interval holds it more often. Such intervals may only be wider.
 */
const WIDER = /odds|^mean_(prediction|error)_difference$|^mean score$|^predictive_parity_difference difference$/

test.each([
  ['yes or no', 'binary', BINARY, ROWS, { short: 60, long: 1000 }],
  ['a number', 'regression', NUMBERS, ROWS, { short: 100, long: 1000, isCheap: true }],
  ['yes or no, three rows to a unit', 'binary', BINARY, UNITS, { short: 8, long: 200 }],
  ['a number, three rows to a unit', 'regression', NUMBERS, UNITS, { short: 20, long: 200 }],
  ['yes or no with weights', 'binary', BINARY, WEIGHTS, { short: 8, long: 200 }],
  ['a number with weights', 'regression', NUMBERS, WEIGHTS, { short: 20, long: 200 }],
] as const)(
  'every disparity between two groups, alone and paired, of %s holds the truth as often as metrics do',
  (what, task, laws, sampling, repeats) => {
    for (const band of bands(repeats)) {
      const found = coverage({ what, task, laws, sampling }, band)
      if (DEEP) console.info(`groups: ${what} at ${band.units}: ${found}`)
      const known = (name: string) => (WIDER.test(name) ? ([band.least, 1] as const) : undefined)
      expect.soft(found.outside(band, known), `at ${band.units}`).toEqual([])
    }
  },
  3_600_000,
)

interface Asked {
  readonly what: string
  readonly task: 'binary' | 'regression'
  readonly laws: Groups
  readonly sampling: Sampling
}

function coverage({ what, task, laws, sampling }: Asked, { units, repeats }: Band): Coverage {
  const draws = drawsFor(`groups: ${what} ${units}`)
  const truth = new Map<string, number>()
  // rows of one unit are no others than rows alone, and those are counted at once
  const many = crowd(draws, laws, DEEP ? 300_000 : 30_000, sampling === UNITS ? ROWS : sampling)
  for (const [name, value] of shown(many, task)) truth.set(name, value!)
  const found = new Coverage()
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [name, , interval] of shown(crowd(draws, laws, units, sampling), task))
      found.add(name, { interval }, truth.get(name)!)
  return found
}
