import { distributionGap, distributionNullQ95, MOST_COMPARED } from '../statistics/distribution-gap.ts'
import { calibrationCells, calibrationErrorOf, calibrationNull } from '../statistics/group-calibration.ts'
import { rateInterval, rateValue } from '../statistics/group-rate.ts'
import { quantile } from '../statistics/quantile.ts'
import { rowsByGroup, valuesByGroup } from '../statistics/values-by-group.ts'
import type { CalibrationFairness, DistributionFairness } from './fairness-document.ts'
import { type GroupedRows, meanGap, meanRates } from './group-means.ts'

/** What is asked of scores in groups. */
export interface ScoreTerms extends GroupedRows {
  readonly of: 'score' | 'prediction'
  readonly score: Float64Array
  readonly confidence: number
  readonly minRows: number
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]

/** How far the distributions of scores lie apart between groups with enough rows. */
export function distributionFairness(terms: ScoreTerms): DistributionFairness {
  const { grouping, score, of, confidence, minRows } = terms
  const { groups, indexOf } = grouping
  const sorted = valuesByGroup(indexOf, groups.length, score)
  const counted = groups.flatMap((_, group) => (sorted[group]!.length >= Math.max(2, minRows) ? [group] : []))
  const rates = meanRates(terms, (row) => score[row]!)
  return {
    of,
    ...furthest(terms, sorted, counted),
    mean_difference: of === 'prediction' ? null : meanGap(terms, rates, counted, confidence),
    groups: groups.flatMap((group, index) => {
      const values = sorted[index]!
      const mean = rateValue(rates[index]!)
      if (values.length === 0 || mean === null) return []
      return [{ group, rows: values.length, mean, quantiles: SHARES.map((share) => quantile(values, share)) }]
    }),
  }
}

function furthest(
  { grouping, unit, weight }: ScoreTerms,
  sorted: readonly Float64Array[],
  counted: readonly number[],
): Pick<DistributionFairness, 'ks' | 'wasserstein'> {
  const none = (because: string) => ({
    ks: { value: null, p_value: null, between: null, because },
    wasserstein: { value: null, null_q95: null, between: null, because },
  })
  if (counted.length < 2) return none('fewer than two groups have enough rows')
  if (counted.length > MOST_COMPARED) return none(`${counted.length} groups are more than ${MOST_COMPARED}`)
  if (weight !== null) return none('method_not_weighted: distributions are compared row by row')
  const taking = counted.map((group) => sorted[group]!)
  const { ks, wasserstein } = distributionGap(taking)
  const named = ([a, b]: readonly [number, number]) =>
    [grouping.groups[counted[a]!]!, grouping.groups[counted[b]!]!] as const
  const clustered = 'rows of one unit belong together: what chance shows is not known'
  const chance = unit === null ? null : { because: clustered }
  return {
    ks: { ...ks, between: named(ks.between), ...(chance && { p_value: null, ...chance }) },
    wasserstein: {
      ...wasserstein,
      between: named(wasserstein.between),
      null_q95: chance ? null : distributionNullQ95(taking),
      ...chance,
    },
  }
}

/** Whether a score means the same in every group: share of positives against mean score, alone and in ten bins. */
export function calibrationFairness(
  terms: ScoreTerms,
  label: ArrayLike<number>,
  minCell: number | null,
): CalibrationFairness {
  const { grouping, score, weight, confidence, minRows } = terms
  const { groups, indexOf } = grouping
  const cells = calibrationCells({ indexOf, label, score, weight }, groups.length)
  const rates = meanRates(terms, (row) => label[row]! - score[row]!)
  const counted = rates.flatMap(({ count }, group) => (count >= Math.max(2, minRows) ? [group] : []))
  let ordered: readonly Int32Array[] | null = null
  const own = (group: number) => {
    ordered ??= rowsByGroup(indexOf, groups.length)
    const rows = ordered[group]!
    return {
      score: Float64Array.from(rows, (row) => score[row]!),
      weight: Float64Array.from(rows, (row) => (weight === null ? 1 : weight[row]!)),
    }
  }
  const isUnitless = terms.unit !== null && rates[0]?.draws === undefined
  const described = groups.flatMap((group, index): CalibrationFairness['groups'] => {
    const bins = cells[index]!.filter((cell) => cell.rows > 0 && cell.weight > 0)
    const gap = rateValue(rates[index]!)
    const error = calibrationErrorOf(bins)
    if (gap === null || error === null) return []
    const total = (of: 'rows' | 'weight' | 'label' | 'score') => bins.reduce((sum, bin) => sum + bin[of], 0)
    const isFew = minCell !== null && bins.some(({ rows }) => rows < minCell)
    return [
      {
        group,
        rows: total('rows'),
        mean_score: total('score') / total('weight'),
        positive_share: total('label') / total('weight'),
        gap,
        gap_interval: isUnitless ? null : rateInterval(rates[index]!, confidence),
        expected_calibration_error: error,
        null_q95: calibrationNull(cells[index]!, () => own(index)),
        bins: isFew
          ? null
          : bins.map(({ from, to, rows, weight: w, label: labels, score: scores }) => ({
              from,
              to,
              rows,
              mean_score: scores / w,
              positive_share: labels / w,
            })),
      },
    ]
  })
  return { calibration_difference: meanGap(terms, rates, counted, confidence), groups: described }
}
