import type { Estimate, Support } from '../statistics/estimate.ts'
import { type Denominator, findMetric } from '../statistics/metrics.ts'
import type { MetricMeasure, MetricMeasured, MetricsFacts, MetricsRequest, UnitsFacts } from './evidence.ts'
import type { CalibrationBin } from './finding.ts'
import { isFew, type SharedTerms, sharedEstimate, sharedOutputs, withheld } from './shared-estimates.ts'
import { told } from './shared-texts.ts'

type CountName = Exclude<keyof Support, 'units'>

/** Metrics without texts that may quote data, numbers that rest on a few rows, and slices that leave a few rows out. */
export function sharedMetrics(facts: MetricsFacts, request: MetricsRequest, terms: SharedTerms): MetricsFacts {
  const whole = wholeExam(facts, request.measures)
  const { incumbent_missing } = facts
  return {
    ...facts,
    candidate: sharedOutputs(facts.candidate, terms),
    incumbent: facts.incumbent && sharedOutputs(facts.incumbent, terms),
    ...(incumbent_missing !== undefined && { incumbent_missing: told(incumbent_missing, terms.names) }),
    measured: facts.measured.map((measured, index) =>
      sharedMeasured(measured, countsOf(request.measures[index]), whole, terms),
    ),
    curves: sharedCurves(facts.curves, terms.floor),
  }
}

/** Numbers per unit; what rests on a few units is not shown. */
export function sharedUnits(facts: UnitsFacts, terms: SharedTerms): UnitsFacts {
  return { ...facts, measured: facts.measured.map((measured) => sharedMeasured(measured, ['units'], null, terms)) }
}

function sharedMeasured(
  measured: MetricMeasured,
  counts: readonly (keyof Support)[],
  whole: Support | null,
  terms: SharedTerms,
): MetricMeasured {
  const { where_null, candidate, incumbent, difference } = measured
  const isSmall = (estimate: Estimate | null) => estimate !== null && restsOnFew(estimate, counts, whole, terms.floor)
  const hidden = isSmall(candidate)
  const share = (estimate: Estimate | null, isHidden: boolean): Estimate | null =>
    estimate && (isHidden ? withheld(estimate, tooFew(terms.floor)) : sharedEstimate(estimate, terms))
  const without = hidden || isSmall(incumbent)
  return {
    candidate: share(candidate, hidden)!,
    incumbent: share(incumbent, without),
    difference: share(difference, without || isSmall(difference)),
    ...(where_null !== undefined && !isFew(where_null, terms.floor) && { where_null }),
  }
}

function tooFew(floor: number): string {
  return `it would tell of fewer than ${floor} rows, which is not shown here`
}

/** A number of a few rows, or of so many that the whole exam less them is a few rows. */
function restsOnFew(
  { support }: Estimate,
  counts: readonly (keyof Support)[],
  whole: Support | null,
  floor: number,
): boolean {
  return counts.some((of) => {
    const count = support[of]
    const all = whole?.[of]
    return isFew(count, floor) || (count !== undefined && all !== undefined && isFew(all - count, floor))
  })
}

const COUNTS: Readonly<Record<Denominator, readonly CountName[]>> = {
  rows: ['rows'],
  positives: ['rows', 'positives'],
  negatives: ['rows', 'negatives'],
  predicted_positives: ['rows', 'predicted_positives'],
  both_classes: ['rows', 'positives', 'negatives', 'smallest_class'],
}

/** Whom a metric tells of; a slice is a group whatever the metric counts. */
function countsOf(measure: MetricMeasure | undefined): readonly CountName[] {
  const denominator = measure && findMetric(measure.metric)?.denominator
  return denominator === undefined ? ['rows'] : (COUNTS[denominator] ?? ['rows'])
}

/** What the exam holds as a whole, as far as the other measures tell it. */
function wholeExam({ candidate, measured }: MetricsFacts, measures: readonly MetricMeasure[]): Support {
  const whole = measured.find((_, index) => measures[index] !== undefined && measures[index].where === undefined)
  return whole?.candidate.support ?? { rows: candidate.rows - candidate.dropped.label_null }
}

function sharedCurves({ roc, calibration }: MetricsFacts['curves'], floor: number): MetricsFacts['curves'] {
  const bins = calibration?.candidate ?? []
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0)
  const positives = Math.round(bins.reduce((sum, bin) => sum + bin.rows * bin.mean_label, 0))
  const few = Math.min(positives, rows - positives) < floor
  return {
    roc: few ? null : roc,
    calibration: few
      ? null
      : calibration && {
          candidate: mergedBins(calibration.candidate, floor),
          incumbent: calibration.incumbent && mergedBins(calibration.incumbent, floor),
        },
  }
}

/** Neighbouring bins as one until each holds enough rows; the last ones join the bin before them. */
function mergedBins(bins: readonly CalibrationBin[], floor: number): readonly CalibrationBin[] {
  const merged: CalibrationBin[] = []
  for (const bin of bins.filter(({ rows }) => rows > 0)) {
    const last = merged.at(-1)
    if (last === undefined || last.rows >= floor) merged.push(bin)
    else merged[merged.length - 1] = joined(last, bin)
  }
  const last = merged.at(-1)
  const before = merged.at(-2)
  return last === undefined || before === undefined || last.rows >= floor
    ? merged
    : [...merged.slice(0, -2), joined(before, last)]
}

function joined(a: CalibrationBin, b: CalibrationBin): CalibrationBin {
  const rows = a.rows + b.rows
  const mean = (of: 'mean_score' | 'mean_label') => (a[of] * a.rows + b[of] * b.rows) / rows
  return { rows, mean_score: mean('mean_score'), mean_label: mean('mean_label') }
}
