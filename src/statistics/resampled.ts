import { bootstrap, resamplesFor, type Spread } from './bootstrap.ts'
import type { Interval, Uncertainty } from './estimate.ts'
import { metricValue } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import { criticalZ } from './normal.ts'
import { pcg32 } from './pcg32.ts'
import { type Resample, resampleCells, resampleRows, resampleUnits, weighed } from './resample.ts'
import { type BinaryRows, inCanonicalOrder, type ScoredRows } from './scored-rows.ts'
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
  if (isCounted(rows, terms.metric)) return smoothed(rows as BinaryRows, value, terms)
  return standsStill(rows)
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
  return isCounted(rows!, terms.metric)
    ? spreadOfCells(versions as readonly BinaryRows[], terms)
    : spreadOfRows(versions, terms)
}

/** Whether equal rows can be counted together, so that the number of rows costs nothing. */
function isCounted(rows: ScoredRows, metric: Metric): boolean {
  return metric.needs === 'prediction' && rows.weight === null && rows.unit === null
}

function spreadOfRows(versions: readonly ScoredRows[], { metric, confidence }: Terms): Spread {
  const sorted = inCanonicalOrder(versions)
  const { unit, weight, label } = sorted[0]!
  const generator = pcg32(SEED, metric.name)
  const drawn = unit === null ? resampleRows(generator, label.length) : resampleUnits(generator, unit)
  return bootstrap({
    value: resampledValue(sorted, metric),
    resample: weighed(drawn, weight),
    rows: label.length,
    resamples: resamplesFor(label.length),
    confidence,
  })
}

function spreadOfCells(versions: readonly BinaryRows[], { metric, confidence }: Terms): Spread {
  const { cells, counts } = cellsOf(versions)
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

/** One row for each combination of label and predictions, and how many rows it stands for. */
function cellsOf(versions: readonly BinaryRows[]): {
  readonly cells: readonly BinaryRows[]
  readonly counts: Float64Array
} {
  const bits = versions.length + 1
  const columns = [versions[0]!.label, ...versions.map((rows) => rows.prediction)]
  const counts = new Float64Array(2 ** bits)
  for (let row = 0; row < columns[0]!.length; row++) {
    counts[columns.reduce((cell, column) => cell * 2 + column[row]!, 0)]! += 1
  }
  const bit = (place: number) => Uint8Array.from(counts, (_, cell) => (cell >> (bits - 1 - place)) & 1)
  const cells = versions.map((rows, version) => ({ ...rows, score: null, label: bit(0), prediction: bit(version + 1) }))
  return { cells, counts }
}

/**
 * Counts of a model without a miss (or a hit) resample to themselves, as if nothing could ever go wrong. As Wilson's
 * interval does, z^2 rows more are spread over the four cells; the interval is stretched to hold the value.
 */
function smoothed(rows: BinaryRows, value: number, { metric, confidence }: Terms): Uncertainty {
  const { cells, counts } = cellsOf([rows])
  const more = criticalZ(confidence) ** 2 / counts.length
  const shares = counts.map((count) => count + more)
  const generator = pcg32(SEED, metric.name)
  const resample: Resample = resampleCells(generator, shares, rows.label.length)
  const resamples = resamplesFor(rows.label.length)
  const spread = bootstrap({
    value: resampledValue(cells, metric),
    resample,
    rows: counts.length,
    resamples,
    confidence,
  })
  const held: Interval | null = spread.interval && [
    Math.min(spread.interval[0], value),
    Math.max(spread.interval[1], value),
  ]
  return { ...spread, interval: held, method: 'bootstrap-smoothed' }
}
