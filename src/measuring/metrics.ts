import type { MetricMeasure, MetricMeasured, MetricsFacts } from '../gates/evidence.ts'
import { calibrationBins, rocCurve } from '../statistics/curves.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { measureDifference, measureMetric } from '../statistics/measure.ts'
import type { BinaryRows } from '../statistics/scored-rows.ts'
import { answered, type MeasureInput } from './measure-input.ts'
import { classesOf, keptRows, type Scored, spoiled, statisticRows } from './scored.ts'
import { withTimeWarning } from './time-dependence.ts'

/** All metrics that the rules ask for, of candidate and incumbent on the same rows. */
export function measureMetrics(input: MeasureInput, measures: readonly MetricMeasure[]): MetricsFacts {
  const incumbent = answered(input.incumbent)
  return {
    candidate: withTimeWarning(input),
    incumbent: incumbent?.facts ?? null,
    ...(input.incumbent !== null && 'missing' in input.incumbent ? { incumbent_missing: input.incumbent.missing } : {}),
    measured: measures.map((measure) => measureOne(input, incumbent, measure)),
    curves: curvesOf(input, incumbent),
  }
}

function measureOne(input: MeasureInput, incumbent: Scored | null, measure: MetricMeasure): MetricMeasured {
  const mask = measure.where === undefined ? null : (input.masks.get(measure.where) ?? new Uint8Array(input.exam.rows))
  const kept = keptRows(input.exam, mask)
  const options = { confidence: measure.confidence }
  const classes = classesOf(input.exam, incumbent === null ? [input.candidate] : [input.candidate, incumbent])
  const one = (scored: Scored): Estimate => {
    const why = spoiled(scored)
    if (why !== null) return nothing(why, measure.confidence, kept.length)
    return measureMetric(statisticRows(input.exam, scored, kept, classes), measure.metric, options)
  }
  const both = incumbent === null ? null : (spoiled(input.candidate) ?? spoiled(incumbent))
  const difference = (): Estimate | null => {
    if (incumbent === null || !measure.against_incumbent) return null
    if (both !== null) return nothing(both, measure.confidence, kept.length)
    return measureDifference(
      {
        candidate: statisticRows(input.exam, input.candidate, kept, classes),
        incumbent: statisticRows(input.exam, incumbent, kept, classes),
      },
      measure.metric,
      options,
    )
  }
  return {
    candidate: one(input.candidate),
    incumbent: incumbent === null ? null : one(incumbent),
    difference: difference(),
    ...(mask === null ? {} : { where_null: mask.reduce((nulls, value) => nulls + (value === 2 ? 1 : 0), 0) }),
  }
}

/** An estimate that does not exist, with the reason. */
export function nothing(because: string, confidence: number, rows: number): Estimate {
  return { value: null, interval: null, confidence, method: null, support: { rows }, because }
}

function curvesOf(input: MeasureInput, incumbent: Scored | null): MetricsFacts['curves'] {
  const kept = keptRows(input.exam, null)
  const rowsOf = (scored: Scored | null): BinaryRows | null => {
    if (scored === null || scored.score === null || spoiled(scored) !== null || input.exam.task !== 'binary')
      return null
    return statisticRows(input.exam, scored, kept) as BinaryRows
  }
  const candidate = rowsOf(input.candidate)
  const other = rowsOf(incumbent)
  if (candidate === null) return { roc: null, calibration: null }
  const roc = rocCurve(candidate)
  return {
    roc: roc === null ? null : { candidate: roc, incumbent: other === null ? null : rocCurve(other) },
    calibration: {
      candidate: calibrationBins(candidate, 10),
      incumbent: other === null ? null : calibrationBins(other, 10),
    },
  }
}
