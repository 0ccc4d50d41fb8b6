import { bootstrap, resamplesFor, type Spread } from './bootstrap.ts'
import { coarseRows } from './coarse-rows.ts'
import { countedCells, countedInUnits } from './counted-cells.ts'
import type { Uncertainty } from './estimate.ts'
import type { Metric } from './metrics.ts'
import { pcg32 } from './pcg32.ts'
import { inCanonicalOrder } from './picked-rows.ts'
import { resampleCells, resampleSingly, resampleUnits, weighed } from './resample.ts'
import { type BinaryRows, type ClassRows, type ScoredRows, weightsOf } from './scored-rows.ts'
import { smoothedSpread } from './smoothed-spread.ts'
import { versionsValue } from './versions-value.ts'

/** Fewer units than this have no interval. */
const FEWEST_UNITS = 20

/** Seed of every resampling. */
const SEED = 0

interface Terms {
  readonly metric: Metric
  readonly confidence: number
}

/**
 * The bootstrap of a metric: over units where rows have them, over cell counts where those decide the metric, else
 * over rows.
 *
 * Percentiles of 50 rows are too narrow for many metrics, so few rows get another interval. Of a class of fewer than 30
 * rows, cell counts are smoothed (95 % intervals of precision over three classes held the truth 88 times in 100, smoothed
 * 95; of the difference in precision of two good models 83, smoothed 95) and average precision takes BCa's ends (88 and
 * 93); so does a regression of fewer than 100 rows (r2 of skewed labels: 85 to 90
 * either way, the least that is known). A difference in calibration error is too wide on rows that count alike (99 in
 * 100) and too narrow on 50 with weights (85).
 *
 * @returns an interval that stands still is none, unless the smoothed counts can widen it
 */
export function resampledMetric(rows: ScoredRows, value: number, terms: Terms): Uncertainty {
  const spread = spreadOf([rows], terms)
  if (spread.interval === null) return withMethod(rows, spread)
  const smoothed = isScarce([rows], terms.metric) || spread.se === 0 ? smoothedSpread([rows], value, terms) : null
  if (smoothed !== null) return smoothed
  if (spread.se === 0) return standsStill(rows)
  return isSkewed(rows, terms.metric) ? { ...spread, method: 'bootstrap-bca' } : withMethod(rows, spread)
}

/** The paired bootstrap of a difference, candidate - incumbent: each resample serves both. */
export function resampledDifference(
  candidate: ScoredRows,
  incumbent: ScoredRows,
  value: number,
  terms: Terms,
): Uncertainty {
  const spread = spreadOf([candidate, incumbent], terms)
  if (spread.interval === null) return withMethod(candidate, spread)
  const versions = [candidate, incumbent]
  const smoothed = isScarce(versions, terms.metric) ? smoothedSpread(versions, value, terms) : null
  const measured = smoothed ?? withMethod(candidate, spread)
  if (measured.se === 0 && value !== 0) return standsStill(candidate)
  return candidate.weight === null ? measured : { ...measured, p_value: null }
}

/** Fewer rows of a class than this, true or predicted, and rows that happen to be absent must be reckoned with. */
const FEW_OF_A_CLASS = 30
/** Fewer rows than this, or of a class, and a number is as skewed as its rows. */
const FEW_ROWS = 100
/** Up to here, what few rows need is cheap. */
const MOST_ROWS = 2000

/** Whether cells of few rows decide the number: percentiles of resamples alone are too narrow then. */
function isScarce(versions: readonly ScoredRows[], { needs }: Metric): boolean {
  const [rows] = versions
  if (needs !== 'prediction' || rows!.unit !== null) return false
  if (rows!.weight !== null && rows!.label.length > MOST_ROWS) return false
  return (versions as readonly ClassRows[]).some(
    (one) => Math.min(fewest(one, one.label), fewest(one, one.prediction)) < FEW_OF_A_CLASS,
  )
}

/** Whether one version's number is so skewed, over so few rows, that percentiles lie on one side. */
function isSkewed(rows: ScoredRows, { needs }: Metric): boolean {
  if (needs === 'prediction' || rows.unit !== null || rows.weight !== null) return false
  if (rows.label.length > MOST_ROWS) return false
  return (rows.task === 'regression' ? rows.label.length : fewest(rows, rows.label)) < FEW_ROWS
}

/** Rows of the class that has fewest of those that have any. */
function fewest(rows: ClassRows, classes: ArrayLike<number>): number {
  const counts = new Float64Array(rows.task === 'binary' ? 2 : rows.classes.length)
  for (let row = 0; row < classes.length; row++) counts[classes[row]!]! += 1
  return counts.reduce((least, count) => (count > 0 ? Math.min(least, count) : least), classes.length)
}

function standsStill(rows: ScoredRows): Uncertainty {
  const because = 'every resample gives the same number, so its spread cannot be seen'
  return { ...withMethod(rows, { interval: null, se: null, p_value: null }), because }
}

function withMethod(rows: ScoredRows, spread: Spread): Uncertainty {
  return { ...spread, method: rows.unit === null ? 'bootstrap' : 'bootstrap-clustered' }
}

function spreadOf(versions: readonly ScoredRows[], terms: Terms): Spread {
  const [rows] = versions
  const units = rows?.unit ? new Set(rows.unit).size : null
  if (units !== null && units < FEWEST_UNITS) {
    const because = `the rows belong to ${units} units; an interval needs ${FEWEST_UNITS}`
    return { interval: null, se: null, p_value: null, because }
  }
  if (!isCounted(rows!, terms.metric)) return coarseSpread(versions, terms) ?? spreadOfRows(versions, terms)
  const counted = versions as readonly ClassRows[]
  return units === null
    ? spreadOfCells(counted, terms)
    : spreadOfRows(countedInUnits(counted), terms, rows!.label.length)
}

/** Whether equal rows can be counted together, so that the number of rows costs nothing. */
function isCounted(rows: ScoredRows, metric: Metric): boolean {
  return metric.needs === 'prediction' && rows.weight === null
}

function spreadOfRows(
  versions: readonly ScoredRows[],
  { metric, confidence }: Terms,
  rows = versions[0]!.label.length,
): Spread {
  const sorted = inCanonicalOrder(versions)
  const { unit, weight, label } = sorted[0]!
  const generator = pcg32(SEED, metric.name)
  const isMoved = versions.length === 1 && isSkewed(sorted[0]!, metric)
  const drawn = unit === null ? resampleSingly(generator, label.length) : resampleUnits(generator, unit)
  return bootstrap({
    value: versionsValue(sorted, metric),
    resample: weighed(drawn, weight),
    rows: label.length,
    resamples: resamplesFor(rows),
    confidence,
    ...(isMoved && { counts: weightsOf(sorted[0]!) }),
  })
}

/** Above this, rows of nearly equal scores are counted together before they are resampled. */
const VERY_MANY_ROWS = 100_000

/**
 * Average precision of very many rows from cells of nearly equal ones; the interval is moved by what that changes of
 * the number itself.
 *
 * @returns null where rows are to be drawn one by one
 */
function coarseSpread(versions: readonly ScoredRows[], { metric, confidence }: Terms): Spread | null {
  const [rows] = versions
  const isCoarse = metric.name === 'average_precision' && rows!.label.length > VERY_MANY_ROWS
  if (!isCoarse || rows!.unit !== null || rows!.weight !== null) return null
  const coarse = coarseRows(versions as readonly BinaryRows[])
  if (coarse === null) return null
  const { cells, counts } = coarse
  const value = versionsValue(cells, metric)
  const exact = versionsValue(versions, metric)(weightsOf(rows!))
  const about = value(counts)
  if (exact === null || about === null) return null
  return bootstrap({
    value: (weights) => {
      const drawn = value(weights)
      return drawn === null ? null : drawn + (exact - about)
    },
    resample: resampleCells(pcg32(SEED, metric.name), counts),
    rows: counts.length,
    resamples: resamplesFor(rows!.label.length),
    confidence,
  })
}

function spreadOfCells(versions: readonly ClassRows[], { metric, confidence }: Terms): Spread {
  const { cells, counts } = countedCells(versions)
  return bootstrap({
    value: versionsValue(cells, metric),
    resample: resampleCells(pcg32(SEED, metric.name), counts),
    rows: counts.length,
    resamples: resamplesFor(versions[0]!.label.length),
    confidence,
  })
}
