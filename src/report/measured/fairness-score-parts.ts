import { exactText, intervalText, numberText } from '../../gates/number-text.ts'
import type { AttributeFairness, CalibrationFairness, DistributionFairness } from '../../measuring/fairness-document.ts'
import type { Cell, PagePart, PlotPart, TablePart } from '../page/page.ts'
import { groupLabel } from './fairness-group-label.ts'

/** How scores lie in each group, and whether a score means the same in all of them. */
export function scoreParts(name: string, { distribution, calibration }: AttributeFairness): PagePart[] {
  return [
    ...(distribution === null ? [] : distributionParts(name, distribution)),
    ...(calibration === null ? [] : calibrationParts(name, calibration)),
  ]
}

function distributionParts(name: string, distribution: DistributionFairness): PagePart[] {
  const { of, ks, wasserstein, mean_difference, groups } = distribution
  const pair = (between: DistributionFairness['ks']['between']) => between?.map(groupLabel).join(' and ') ?? ''
  const rows: Cell[][] = [
    [
      'Kolmogorov-Smirnov D',
      ks.value === null ? 'none' : numberText(ks.value),
      ks.p_value === null ? (ks.because ?? '') : `p ${numberText(ks.p_value, 2)}`,
      pair(ks.between),
    ],
    [
      'Wasserstein distance',
      wasserstein.value === null ? 'none' : numberText(wasserstein.value),
      wasserstein.null_q95 === null
        ? (wasserstein.because ?? '')
        : `up to ${numberText(wasserstein.null_q95, 2)} by chance alone`,
      pair(wasserstein.between),
    ],
  ]
  if (mean_difference !== null)
    rows.push([
      `gap between mean ${of}s`,
      mean_difference.value === null ? 'none' : numberText(mean_difference.value),
      mean_difference.interval === null ? (mean_difference.because ?? '') : intervalText(mean_difference.interval),
      pair(mean_difference.between),
    ])
  const table: TablePart = {
    kind: 'table',
    title: `${name}: how far the ${of}s of groups lie apart`,
    about: 'The furthest pair of groups; p is corrected for the number of pairs.',
    columns: [{ name: 'number' }, { name: 'value', align: 'right' }, { name: 'chance' }, { name: 'between' }],
    rows,
  }
  const plot: PlotPart = {
    kind: 'plot',
    title: `${name}: the middle half of ${of}s`,
    about: 'The median, from the 25th to the 75th percentile.',
    plot: {
      type: 'bars',
      bars: groups.map(({ group, quantiles }) => ({
        label: groupLabel(group),
        value: quantiles[2] ?? null,
        interval: [quantiles[1]!, quantiles[3]!] as const,
      })),
    },
  }
  return groups.length > 30 ? [table] : [table, plot]
}

function calibrationParts(name: string, { groups, calibration_difference }: CalibrationFairness): PagePart[] {
  const { value, interval, between } = calibration_difference
  const widest =
    value === null || between === null
      ? 'No two groups have enough rows.'
      : `Widest gap: ${numberText(value)}${interval ? ` ${intervalText(interval)}` : ''} between ${between.map(groupLabel).join(' and ')}.`
  const table: TablePart = {
    kind: 'table',
    title: `${name}: calibration by group`,
    about: `gap = share of positives - mean score; above 0: scored too low. ${widest}`,
    columns: [
      { name },
      { name: 'rows', align: 'right' },
      { name: 'mean score', align: 'right' },
      { name: 'share of positives', align: 'right' },
      { name: 'gap', align: 'right' },
      { name: 'interval', align: 'right' },
      { name: 'error', align: 'right' },
      { name: 'up to, by chance', align: 'right' },
    ],
    rows: groups.map((group) => [
      groupLabel(group.group),
      exactText(group.rows),
      numberText(group.mean_score),
      numberText(group.positive_share),
      numberText(group.gap),
      group.gap_interval === null ? '' : intervalText(group.gap_interval),
      errorCell(group),
      group.null_q95 === null ? '' : numberText(group.null_q95, 3),
    ]),
  }
  const drawn = groups.filter(({ bins }) => bins !== null).slice(0, 8)
  if (drawn.length === 0) return [table]
  return [
    table,
    {
      kind: 'plot',
      title: `${name}: share of positives by score`,
      about: 'On the diagonal a score means what it says.',
      plot: {
        type: 'lines',
        x: { label: 'mean score' },
        y: { label: 'share of positives' },
        diagonal: true,
        series: drawn.map(({ group, bins }) => ({
          name: groupLabel(group),
          points: (bins ?? []).map((bin) => [bin.mean_score, bin.positive_share] as const),
        })),
      },
    },
  ]
}

function errorCell({ expected_calibration_error: error, null_q95 }: CalibrationFairness['groups'][number]): Cell {
  const text = numberText(error)
  return null_q95 !== null && error > null_q95 ? { text, tone: 'doubt' } : text
}
