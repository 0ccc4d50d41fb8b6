import { expect, test } from 'vitest'
import { measureDifference, measureMetric, measureValue } from '../../src/statistics/measure.ts'
import { metricsOf } from '../../src/statistics/metrics.ts'
import { type Band, bands, Coverage } from './coverage.ts'
import { DEEP, type Draws, drawsFor } from './draws.ts'
import { binaryLaw, classLaw, type Law, regressionLaw, type Sampling } from './laws.ts'

const at = { confidence: 0.95 }
const ROWS: Sampling = { rowsOfUnit: 1, isWeighted: false }
const UNITS: Sampling = { rowsOfUnit: 3, isWeighted: false }
const WEIGHTS: Sampling = { rowsOfUnit: 1, isWeighted: true }

interface World {
  readonly what: string
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly law: Law
}

const BINARY: World = { what: 'yes or no', task: 'binary', law: binaryLaw(0.4, [0.85, 0.82]) }
const SHARP: World = { what: 'yes or no, nearly always right', task: 'binary', law: binaryLaw(0.4, [0.96, 0.95]) }
const RARE: World = { what: 'yes or no, one in ten', task: 'binary', law: binaryLaw(0.1, [0.85, 0.82]) }
const CLASSES: World = { what: 'three classes', task: 'multiclass', law: classLaw([0.4, 0.35, 0.25]) }
const NUMBERS: World = { what: 'a number', task: 'regression', law: regressionLaw() }

/** In the short run, the dear metrics of several classes are a sample. */
const SAMPLE = ['balanced_accuracy', 'log_loss', 'roc_auc_ovr_macro', 'precision_weighted', 'f1_macro']

function namesOf(task: World['task']): readonly string[] {
  return metricsOf(task).filter((name) => DEEP || task !== 'multiclass' || SAMPLE.includes(name))
}

/** What both versions truly are, from very many rows: the candidate, and how far it is from the incumbent. */
function truthOf({ law, task }: World, draws: Draws, sampling: Sampling) {
  const { candidate, incumbent } = law(draws, (DEEP ? 400_000 : 60_000) / sampling.rowsOfUnit, sampling)
  return namesOf(task).map((name) => {
    const one = measureValue(candidate, name)!
    return { name, one, difference: one - measureValue(incumbent, name)! }
  })
}

function coverage(world: World, sampling: Sampling, { units, repeats }: Band): Coverage {
  const draws = drawsFor(`coverage: ${world.what} ${units} ${JSON.stringify(sampling)}`)
  const truth = truthOf(world, draws, sampling)
  const found = new Coverage()
  for (let repeat = 0; repeat < repeats; repeat++) {
    const pair = world.law(draws, units, sampling)
    for (const { name, one, difference } of truth) {
      found.add(name, measureMetric(pair.candidate, name, at), one)
      found.add(`${name} difference`, measureDifference(pair, name, at), difference)
    }
  }
  return found
}

/** Worlds that take long are drawn less often, and the band is as much wider; without `short` only in the deep run. */
const WORLDS = [
  [BINARY, ROWS, { short: 50, long: 1000 }],
  [SHARP, ROWS, { short: 20, long: 200 }],
  [RARE, ROWS, { short: 40, long: 200 }],
  [CLASSES, ROWS, { short: 12, long: 1000 }],
  [NUMBERS, ROWS, { short: 40, long: 1000 }],
  [BINARY, UNITS, { short: 10, long: 100 }],
  [CLASSES, UNITS, { long: 60 }],
  [NUMBERS, UNITS, { long: 100 }],
  [BINARY, WEIGHTS, { long: 100 }],
  [CLASSES, WEIGHTS, { long: 60 }],
  [NUMBERS, WEIGHTS, { short: 20, long: 150 }],
] as const

test.each(WORLDS.filter(([, , repeats]) => DEEP || 'short' in repeats))(
  'every metric, alone and paired, of $what $1 holds the truth 90 to 99 times in 100 on 50 of them, 93 to 97 on 500, or warns',
  (world, sampling, repeats) => {
    for (const band of bands({ short: 0, ...repeats })) {
      const found = coverage(world, sampling, band)
      if (DEEP) console.info(`${world.what} ${JSON.stringify(sampling)} at ${band.units}: ${found}`)
      expect.soft(found.outside(band), `at ${band.units}`).toEqual([])
    }
  },
  3_600_000,
)
