import { bootstrap, resamplesFor, type Spread } from './bootstrap.ts'
import { coarseRows } from './coarse-rows.ts'
import { allCells, countedCells, countedInUnits } from './counted-cells.ts'
import type { Interval, Uncertainty } from './estimate.ts'
import { metricValue } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import { criticalZ } from './normal.ts'
import { pcg32 } from './pcg32.ts'
import { inCanonicalOrder } from './picked-rows.ts'
import { resampleCells, resampleSingly, resampleUnits, weighed } from './resample.ts'
import { type BinaryRows, type ClassRows, type ScoredRows, weightsOf } from './scored-rows.ts'
import type { WeightedValue } from './weighted-mean.ts'

/** Fewer units than this have no interval. */
const FEWEST_UNITS = 20

const SEED = 0

interface Terms {
  readonly metric: Metric
  readonly confidence: number
}

/**
 * The bootstrap of a metric: over units where rows have them, over cell counts where those decide the metric, else
 * over rows.
 *
 * @returns an interval that stands still is none, unless the smoothed counts can widen it
 */
export function resampledMetric(rows: ScoredRows, value: number, terms: Terms): Uncertainty {
  const spread = spreadOf([rows], terms)
  if (spread.se !== 0) return withMethod(rows, spread)
  const isSmooth = isCounted(rows, terms.metric) && rows.unit === null
  return (isSmooth ? smoothed(rows as ClassRows, value, terms) : null) ?? standsStill(rows)
}

/** The paired bootstrap of a difference, candidate - incumbent: each resample serves both. */
export function resampledDifference(
  candidate: ScoredRows,
  incumbent: ScoredRows,
  value: number,
  terms: Terms,
): Uncertainty {
  const spread = spreadOf([candidate, incumbent], terms)
  if (spread.se === 0 && value !== 0) return standsStill(candidate)
  return withMethod(candidate, candidate.weight === null ? spread : { ...spread, p_value: null })
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
  const drawn = unit === null ? resampleSingly(generator, label.length) : resampleUnits(generator, unit)
  return bootstrap({
    value: resampledValue(sorted, metric),
    resample: weighed(drawn, weight),
    rows: label.length,
    resamples: resamplesFor(rows),
    confidence,
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
  const value = resampledValue(cells, metric)
  const exact = resampledValue(versions, metric)(weightsOf(rows!))
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
    value: resampledValue(cells, metric),
    resample: resampleCells(pcg32(SEED, metric.name), counts),
    rows: counts.length,
    resamples: resamplesFor(versions[0]!.label.length),
    confidence,
  })
}

/** The metric of one version, or the difference of the first from the second. */
function resampledValue(versions: readonly ScoredRows[], metric: Metric): WeightedValue {
  const [first, second] = versions.map((rows) => metricValue(rows, metric))
  if (second === undefined) return first!
  return (weights) => {
    const a = first!(weights)
    const b = second(weights)
    return a === null || b === null ? null : a - b
  }
}

/**
 * Counts of a model without a miss (or a hit) resample to themselves, as if nothing could ever go wrong. As Wilson's
 * interval does, z^2 rows more are spread over all cells; the interval is stretched to hold the value.
 *
 * @returns null where there are too many classes for that
 */
function smoothed(rows: ClassRows, value: number, { metric, confidence }: Terms): Uncertainty | null {
  const all = allCells(rows)
  if (all === null) return null
  const { cells, counts } = all
  const more = criticalZ(confidence) ** 2 / counts.length
  const shares = counts.map((count) => count + more)
  const spread = bootstrap({
    value: resampledValue(cells, metric),
    resample: resampleCells(pcg32(SEED, metric.name), shares, rows.label.length),
    rows: counts.length,
    resamples: resamplesFor(rows.label.length),
    confidence,
  })
  const held: Interval | null = spread.interval && [
    Math.min(spread.interval[0], value),
    Math.max(spread.interval[1], value),
  ]
  return { ...spread, interval: held, method: 'bootstrap-smoothed' }
}
