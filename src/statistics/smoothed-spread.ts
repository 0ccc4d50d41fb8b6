import { bootstrap, resamplesFor } from './bootstrap.ts'
import { allCells, type CountedCells } from './counted-cells.ts'
import type { Uncertainty } from './estimate.ts'
import type { Metric } from './metrics.ts'
import { criticalZ } from './normal.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { inCanonicalOrder } from './picked-rows.ts'
import { type Resample, resampleCells, weighed } from './resample.ts'
import type { ClassRows, ScoredRows } from './scored-rows.ts'
import { versionsValue } from './versions-value.ts'

/**
 * The bootstrap of a metric of classes that reckons with rows which happen to be absent.
 *
 * Counts of a model without a miss (or a hit) resample to themselves, as if nothing could ever go wrong, and few misses
 * resample to too little. As Wilson's interval does, z^2 rows more are spread over all cells of label and predictions,
 * each of the mean weight; the interval is stretched to hold the value.
 *
 * @param versions    one version, or two of which the first less the second is measured; without units
 * @param value       of these rows
 * @returns null where the metric is none of classes, there are too many of them, or the resamples say nothing
 */
export function smoothedSpread(
  versions: readonly ScoredRows[],
  value: number,
  { metric, confidence }: { readonly metric: Metric; readonly confidence: number },
): Uncertainty | null {
  const [rows] = versions
  if (metric.needs !== 'prediction' || rows!.unit !== null) return null
  const all = allCells(versions as readonly ClassRows[])
  if (all === null) return null
  const more = criticalZ(confidence) ** 2 / all.counts.length
  const n = rows!.label.length
  const { cells, resample } =
    rows!.weight === null ? smoothedCells(all, more, n, metric) : smoothedRows(versions, all, more, metric)
  const { interval, ...spread } = bootstrap({
    value: versionsValue(cells, metric),
    resample,
    rows: cells[0]!.label.length,
    resamples: resamplesFor(n),
    confidence,
  })
  if (interval === null) return null
  const held = [Math.min(interval[0], value), Math.max(interval[1], value)] as const
  return { ...spread, interval: held, method: 'bootstrap-smoothed' }
}

interface Smoothed {
  readonly cells: readonly ClassRows[]
  readonly resample: Resample
}

function smoothedCells({ cells, counts }: CountedCells, more: number, rows: number, { name }: Metric): Smoothed {
  const shares = counts.map((count) => count + more)
  return { cells, resample: resampleCells(pcg32(0, name), shares, rows) }
}

/** Rows of different weights can't be counted together: a row of each cell, of the mean weight, stands before them. */
function smoothedRows(versions: readonly ScoredRows[], all: CountedCells, more: number, { name }: Metric): Smoothed {
  const rows = inCanonicalOrder(versions)
  const own = rows[0]!.weight!
  const places = all.counts.length
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length
  const weight = new Float64Array(places + own.length).fill(mean, 0, places)
  weight.set(own, places)
  return {
    cells: rows.map((version, place) => joinClasses(all.cells[place]!, version as ClassRows)),
    resample: weighed(resampleBehind(pcg32(0, name), own.length, places, more), weight),
  }
}

/** Draws as many rows as there are, each from the rows or, `more` times as rarely, from one of the places before them. */
function resampleBehind(generator: Pcg32, rows: number, places: number, more: number): Resample {
  const before = places * more
  return (weights) => {
    weights.fill(0)
    for (let draw = 0; draw < rows; draw++) {
      const at = generator.uniform() * (before + rows)
      weights[at < before ? Math.floor(at / more) : places + Math.floor(at - before)]! += 1
    }
  }
}

/** Labels and predictions one after the other; nothing else is needed of them. */
function joinClasses(first: ClassRows, second: ClassRows): ClassRows {
  const alone = { unit: null, weight: null }
  const join = (a: ArrayLike<number>, b: ArrayLike<number>) => [...Array.from(a), ...Array.from(b)]
  const label = join(first.label, second.label)
  const prediction = join(first.prediction, second.prediction)
  if (second.task === 'binary')
    return { ...second, ...alone, label: Uint8Array.from(label), prediction: Uint8Array.from(prediction), score: null }
  return {
    ...second,
    ...alone,
    label: Uint16Array.from(label),
    prediction: Uint16Array.from(prediction),
    probabilities: null,
  }
}
