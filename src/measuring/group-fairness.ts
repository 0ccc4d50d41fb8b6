import { groupList, isGroup } from '../statistics/counted-groups.ts'
import { DISPARITIES, type DisparityDefinition } from '../statistics/disparities.ts'
import type { Disparity } from '../statistics/disparity.ts'
import { fairnessDefinitions } from '../statistics/fairness-definitions.ts'
import type { Grouping, GroupKey } from '../statistics/group-rows.ts'
import { type GroupTally, tallyGroups, tallyRegression } from '../statistics/group-tally.ts'
import { measureDisparity } from '../statistics/measure-disparity.ts'
import { drawTallies, measureDrawnDisparity } from './clustered-fairness.ts'
import type { AttributeFairness, DisparityFairness, FairnessWarning, GroupFairness } from './fairness-document.ts'
import { calibrationFairness, distributionFairness, type ScoreTerms } from './score-fairness.ts'

/** Rows with a label and an answer, in row order. */
export interface FairnessRows {
  readonly task: 'binary' | 'regression'
  readonly label: Float64Array
  /** Binary: 0 or 1. */
  readonly prediction: Float64Array
  readonly score: Float64Array | null
  readonly unit: Int32Array | null
  readonly weight: Float64Array | null
}

export interface FairnessTerms {
  readonly confidence: number
  readonly minRows: number
  /** Cells under this many rows are not told; null: all are. */
  readonly minCell: number | null
}

/** One attribute, or one crossing, to compare groups across. */
export interface Attribute {
  /** `sex`, or `sex,race`. */
  readonly name: string
  readonly grouping: Grouping
  readonly privileged: GroupKey | null
}

/**
 * Everything that is to be said of one attribute, from one count of its groups, labels and predictions.
 *
 * @returns warnings besides, each with the attribute's name
 */
export function groupFairness(
  rows: FairnessRows,
  attribute: Attribute,
  terms: FairnessTerms,
): { readonly fairness: AttributeFairness; readonly warnings: readonly FairnessWarning[] } {
  const { grouping, privileged, name } = attribute
  const { tallies, measure } = counted(rows, grouping)
  const definitions = DISPARITIES.filter(({ task }) => task === rows.task)
  const options = { confidence: terms.confidence, min_rows: terms.minRows, small_groups: 'report' } as const
  const measured = definitions.map((definition) => {
    const asked = { ...options, metric: definition.name, ...(privileged && { privileged }) }
    return { definition, disparity: measure(asked) }
  })
  const scores = scoreTermsOf(rows, grouping, terms)
  const isCalibrated = rows.task === 'binary' && scores !== null && scores.score.every((p) => p >= 0 && p <= 1)
  const place = privileged === null ? -1 : tallies.findIndex(({ group }) => isGroup(group, privileged))
  return {
    fairness: {
      privileged,
      groups: groupsOf(measured),
      disparities: Object.fromEntries(measured.map((one) => [one.definition.name, disparityFairness(one)])),
      definitions: rows.task === 'binary' ? fairnessDefinitions(tallies, place < 0 ? null : place) : null,
      distribution: scores && distributionFairness(scores),
      calibration: isCalibrated ? calibrationFairness(scores, rows.label, terms.minCell) : null,
    },
    warnings: [
      ...missingValues(tallies, name),
      ...warningsOn(measured, name),
      ...undefinedRates(measured, name),
      ...scoreRange(rows, isCalibrated, name),
    ],
  }
}

type Measured = { readonly definition: DisparityDefinition; readonly disparity: Disparity }

/** The one pass over the rows; every disparity is then made of its counts. */
function counted(rows: FairnessRows, grouping: Grouping) {
  const { task, label, prediction, unit, weight } = rows
  if (unit === null && weight === null) {
    const tallies = (task === 'regression' ? tallyRegression : tallyGroups)(grouping, label, prediction)
    return { tallies, measure: (options: Parameters<typeof measureDisparity>[1]) => measureDisparity(tallies, options) }
  }
  const drawn = drawTallies({ grouping, unit, weight, label, prediction }, task)
  return {
    tallies: drawn.tallies,
    measure: (options: Parameters<typeof measureDisparity>[1]) => measureDrawnDisparity(drawn, options),
  }
}

function scoreTermsOf(rows: FairnessRows, grouping: Grouping, terms: FairnessTerms): ScoreTerms | null {
  const { unit, weight, confidence, minRows } = { ...rows, ...terms }
  const score = rows.task === 'regression' ? rows.prediction : rows.score
  const of = rows.task === 'regression' ? 'prediction' : 'score'
  return score && { grouping, unit, weight, score, of, confidence, minRows }
}

/** Groups as the first disparity lists them, whose rate is over rows; each rate says whether it counts. */
function groupsOf(measured: readonly Measured[]): readonly GroupFairness[] {
  const [first] = measured
  return (first?.disparity.groups ?? []).map((group, index) => ({
    group: group.group,
    rows: group.rows,
    counted: group.counted,
    counted_for: Object.fromEntries(
      measured.map(({ definition, disparity }) => [definition.name, disparity.groups[index]?.counted === true]),
    ),
    counts: group.counts,
    metrics: group.metrics,
    intervals: group.intervals,
  }))
}

function disparityFairness({ definition, disparity }: Measured): DisparityFairness {
  const { estimate, between, groups, uncounted, by_group, binding } = disparity
  const left = groups.filter((group) => !group.counted).map(({ group }) => group)
  return {
    value: estimate.value,
    interval: estimate.interval === null ? null : finiteEnds(estimate.interval),
    between,
    better: definition.better,
    method: estimate.method,
    ...(estimate.because !== undefined && { because: estimate.because }),
    left_out: { groups: left, share: uncounted.share },
    binding,
    ...(by_group && {
      by_group: by_group.map(({ group, value, interval: [low, high] }) => ({
        group,
        value,
        interval: [low, Number.isFinite(high) ? high : null],
      })),
    }),
  }
}

/** A ratio to a group of whom hardly anybody is selected has no upper end: then there is no interval to show. */
function finiteEnds([low, high]: readonly [number, number]) {
  return Number.isFinite(low) && Number.isFinite(high) ? ([low, high] as const) : null
}

function missingValues(tallies: readonly GroupTally[], name: string): readonly FairnessWarning[] {
  const rows = tallies
    .filter(({ group }) => Object.values(group).includes(null))
    .reduce((sum, tally) => sum + tally.rows, 0)
  if (rows === 0) return []
  return [
    {
      code: 'missing_group',
      column: name,
      message: `${rows} rows have no value: they are a group of their own (null)`,
    },
  ]
}

/** One warning for all disparities that leave out the same groups for the same reason. */
function warningsOn(measured: readonly Measured[], name: string): readonly FairnessWarning[] {
  const said = measured.flatMap(({ definition, disparity }) => [
    ...(disparity.estimate.warnings ?? []).map(({ code, message }) => ({ code, message, metric: definition.name })),
    ...(disparity.estimate.interval === null ? [{ ...whyNone(disparity), metric: definition.name }] : []),
  ])
  const alike = Map.groupBy(said, ({ code, message }) => `${code} ${message}`)
  return [...alike.values()].map((all) => ({
    code: all[0]!.code.replaceAll('-', '_'),
    column: name,
    message: `${all.map(({ metric }) => metric).join(', ')}: ${all[0]!.message}`,
  }))
}

/** Rates that are 0/0, however small their group is: one warning for those that the same groups lack. */
function undefinedRates([first]: readonly Measured[], name: string): readonly FairnessWarning[] {
  const groups = first?.disparity.groups ?? []
  const lacking = Object.keys(groups[0]?.metrics ?? {}).flatMap((metric) => {
    const without = groups.filter(({ metrics }) => metrics[metric] === null).map(({ group }) => group)
    return without.length === 0 ? [] : [{ metric, without: groupList(without) }]
  })
  const alike = Map.groupBy(lacking, ({ without }) => without)
  return [...alike].map(([without, all]) => ({
    code: 'rate_undefined',
    column: name,
    message: `${all.map(({ metric }) => metric).join(', ')}: 0/0 in ${without}`,
  }))
}

function whyNone({ estimate }: Disparity) {
  if (estimate.value === null) return { code: 'undefined', message: estimate.because ?? 'has no value' }
  return { code: 'no_interval', message: estimate.because ?? 'has no interval' }
}

function scoreRange({ task, score }: FairnessRows, isCalibrated: boolean, name: string): readonly FairnessWarning[] {
  if (task !== 'binary' || score === null || isCalibrated) return []
  const message = 'calibration needs scores between 0 and 1; some of these are not'
  return [{ code: 'score_out_of_range', column: name, message }]
}
