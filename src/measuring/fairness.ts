import type { Disparity, DisparityMeasure, DisparityMeasured, FairnessFacts } from '../gates/evidence.ts'
import type { Column } from '../ports.ts'
import { measureDisparityDifference } from '../statistics/disparity-difference.ts'
import { type GroupColumn, type Grouping, groupRows } from '../statistics/group-rows.ts'
import { cellsByGroup, type GroupTally, tallyGroups, tallyRegression } from '../statistics/group-tally.ts'
import { measureDisparity } from '../statistics/measure-disparity.ts'
import { type ClusteredRows, measureClusteredDifference, measureClusteredDisparity } from './clustered-fairness.ts'
import { answered, type MeasureInput } from './measure-input.ts'
import { nothing } from './metrics.ts'
import { type ExamRows, keptRows, type Scored, spoiled } from './scored.ts'

export interface FairnessInput extends Pick<MeasureInput, 'exam' | 'candidate' | 'incumbent'> {
  /** Columns of the exam's table by name; those of `across` are among them. */
  readonly columns: ReadonlyMap<string, Column>
}

/** All disparities that the rules ask for, from one count of groups, labels and predictions. */
export function measureFairness(input: FairnessInput, measures: readonly DisparityMeasure[]): FairnessFacts {
  const kept = keptRows(input.exam, null)
  return {
    candidate: input.candidate.facts,
    ...(input.incumbent !== null && 'missing' in input.incumbent ? { incumbent_missing: input.incumbent.missing } : {}),
    measured: measures.map((measure) => measureOne(input, kept, measure)),
  }
}

function measureOne(input: FairnessInput, kept: Int32Array, measure: DisparityMeasure): DisparityMeasured {
  const { exam, candidate } = input
  const incumbent = answered(input.incumbent)
  const grouping = groupRows(measure.across.map((name) => groupColumn(name, input.columns.get(name), kept)))
  const one = (scored: Scored): Disparity => {
    const why = spoiled(scored)
    if (why !== null) return undefinedDisparity(why, measure, kept.length)
    return exam.unit === null && exam.weight === null
      ? measureDisparity(tallies(exam, scored, kept, grouping), measure)
      : measureClusteredDisparity(clustered(exam, scored, kept, grouping), measure)
  }
  return {
    candidate: one(candidate),
    incumbent: incumbent === null ? null : one(incumbent),
    difference:
      measure.against_incumbent && incumbent !== null ? differenceOf(input, incumbent, kept, grouping, measure) : null,
  }
}

function differenceOf(
  { exam, candidate }: FairnessInput,
  incumbent: Scored,
  kept: Int32Array,
  grouping: Grouping,
  measure: DisparityMeasure,
) {
  const why = spoiled(candidate) ?? spoiled(incumbent)
  if (why !== null) return nothing(why, measure.confidence, kept.length)
  if (exam.task === 'regression')
    return nothing(`${measure.metric} is not compared row by row`, measure.confidence, kept.length)
  const before = at(incumbent.prediction, kept)
  if (exam.unit !== null || exam.weight !== null)
    return measureClusteredDifference(clustered(exam, candidate, kept, grouping), before, measure)
  const cells = cellsByGroup(grouping, at(exam.label, kept), before, at(candidate.prediction, kept))
  return measureDisparityDifference(cells, measure)
}

function clustered(exam: ExamRows, { prediction }: Scored, kept: Int32Array, grouping: Grouping): ClusteredRows {
  const { unit, weight, label } = exam
  return {
    grouping,
    unit: unit && Int32Array.from(kept, (row) => unit[row]!),
    weight: weight && at(weight, kept),
    label: at(label, kept),
    prediction: at(prediction, kept),
  }
}

function tallies(exam: ExamRows, scored: Scored, kept: Int32Array, grouping: Grouping): readonly GroupTally[] {
  const count = exam.task === 'regression' ? tallyRegression : tallyGroups
  return count(grouping, at(exam.label, kept), at(scored.prediction, kept))
}

function at(values: Float64Array, kept: Int32Array): Float64Array {
  return Float64Array.from(kept, (row) => values[row]!)
}

/** Group columns are categories, whatever they were stored as; a missing value is a group of its own. */
function groupColumn(name: string, column: Column | undefined, kept: Int32Array): GroupColumn {
  if (column === undefined) throw new RangeError(`the exam has no column "${name}"`)
  if (!('nulls' in column))
    return { name, codes: Int32Array.from(kept, (row) => column.codes[row]!), values: column.values }
  const values = [...new Set(column.values.filter((value) => !Number.isNaN(value)))]
  const codes = new Map(values.map((value, code) => [value, code]))
  return { name, codes: Int32Array.from(kept, (row) => codes.get(column.values[row]!) ?? -1), values }
}

function undefinedDisparity(because: string, measure: DisparityMeasure, rows: number): Disparity {
  return {
    estimate: nothing(because, measure.confidence, rows),
    between: null,
    groups: [],
    uncounted: { groups: 0, share: 0 },
    binding: null,
  }
}
