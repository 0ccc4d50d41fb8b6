import type { MetricsDocument } from '../../measuring/metrics-document.ts'
import type { Page, PageFact, PagePart, TablePart } from '../page/page.ts'
import { firstMetricText, levelText, rangeText, rowsText, valueText } from './metric-text.ts'

/** `metrics` as people read it: numbers with intervals, curves, calibration, thresholds and slices. */
export function metricsPage(document: MetricsDocument, called: string): Page {
  return {
    title: `Metrics of ${called}`,
    lead: firstMetricText(document),
    facts: factsOf(document),
    parts: [
      metricsPart(document),
      ...classParts(document),
      ...confusionParts(document),
      ...curveParts(document),
      ...calibrationParts(document),
      ...thresholdParts(document),
      ...sliceParts(document),
      ...worstParts(document),
    ],
    warnings: document.warnings,
  }
}

function factsOf(document: MetricsDocument): readonly PageFact[] {
  const { task, rows, confidence, threshold, positive, classes, weights, unit, where, dropped } = document
  const facts: readonly (readonly [string, string | null])[] = [
    ['task', task],
    ['rows', rowsText(rows)],
    ['intervals', levelText(confidence)],
    ['positive', positive === null ? null : String(positive)],
    ['predicted positive', threshold === null ? null : `score > ${threshold}`],
    ['classes', classes?.join(', ') ?? null],
    ['weights', weights],
    ['unit', unit],
    ['where', where],
    ['left out', dropped.label_null === 0 ? null : `${rowsText(dropped.label_null)} without a label`],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

function metricsPart({ metrics, confidence }: MetricsDocument): TablePart {
  return {
    kind: 'table',
    title: 'Metrics',
    about: `Intervals hold the true number ${levelText(confidence)} of the time.`,
    columns: [
      { name: 'metric' },
      { name: 'value', align: 'right' },
      { name: 'interval', align: 'right' },
      { name: 'method' },
      { name: 'better' },
    ],
    rows: Object.entries(metrics).map(([name, { value, interval, method, better }]) => [
      name,
      valueText(value),
      rangeText(interval),
      method ?? '-',
      better ?? '-',
    ]),
  }
}

function classParts({ per_class }: MetricsDocument): readonly PagePart[] {
  if (per_class === null) return []
  const names = ['precision', 'recall', 'f1', 'roc_auc'] as const
  return [
    {
      kind: 'table',
      title: 'Each class against the others',
      columns: [
        { name: 'class' },
        { name: 'rows', align: 'right' },
        { name: 'predicted', align: 'right' },
        ...names.map((name) => ({ name, align: 'right' as const })),
      ],
      rows: Object.entries(per_class).map(([name, one]) => [
        name,
        String(one.rows),
        String(one.predicted),
        ...names.map((metric) => `${valueText(one[metric])} ${rangeText(one.intervals[metric])}`),
      ]),
    },
    {
      kind: 'plot',
      title: 'Recall of each class',
      plot: {
        type: 'bars',
        bars: Object.entries(per_class).map(([label, one]) => ({
          label,
          value: one.recall,
          interval: one.intervals.recall,
        })),
      },
    },
  ]
}

const MOST_CLASSES = 20

function confusionParts({ confusion }: MetricsDocument): readonly PagePart[] {
  if (confusion === null || confusion.classes.length > MOST_CLASSES) return []
  return [
    {
      kind: 'table',
      title: 'Confusion',
      about: 'Rows by true class (down) and predicted class (across).',
      columns: [{ name: 'true' }, ...confusion.classes.map((name) => ({ name, align: 'right' as const }))],
      rows: confusion.counts.map((line, place) => [
        confusion.classes[place]!,
        ...line.map((count) => valueText(count)),
      ]),
    },
  ]
}

function curveParts({ curves, metrics }: MetricsDocument): readonly PagePart[] {
  const roc: PagePart = {
    kind: 'plot',
    title: 'ROC',
    about: `Area ${valueText(metrics.roc_auc?.value ?? null)} ${rangeText(metrics.roc_auc?.interval ?? null)}; chance is the diagonal.`,
    plot: {
      type: 'lines',
      x: { label: 'false positive rate' },
      y: { label: 'true positive rate' },
      series: [{ name: 'model', points: curves.roc ?? [] }],
      diagonal: true,
    },
  }
  const precision: PagePart = {
    kind: 'plot',
    title: 'Precision and recall',
    about: `Average precision ${valueText(metrics.average_precision?.value ?? null)} ${rangeText(metrics.average_precision?.interval ?? null)}.`,
    plot: {
      type: 'lines',
      x: { label: 'recall' },
      y: { label: 'precision' },
      series: [{ name: 'model', points: curves.precision_recall ?? [] }],
    },
  }
  return [...(curves.roc === null ? [] : [roc]), ...(curves.precision_recall === null ? [] : [precision])]
}

function calibrationParts({ calibration, metrics }: MetricsDocument): readonly PagePart[] {
  if (calibration === null) return []
  const { bins, null_q95 } = calibration
  const found = valueText(metrics.expected_calibration_error?.value ?? null)
  return [
    {
      kind: 'plot',
      title: 'Calibration',
      about: `Expected calibration error ${found}; a perfectly calibrated model would show up to ${valueText(null_q95)} on these rows. The band is where its points would lie 95 times of 100.`,
      plot: {
        type: 'lines',
        x: { label: 'mean score' },
        y: { label: 'share of positives' },
        series: [
          { name: 'model', points: bins.map((bin) => [bin.mean_score, bin.mean_label] as const) },
          {
            name: 'perfectly calibrated',
            points: bins.map((bin) => [bin.mean_score, bin.mean_score] as const),
            band: bins.map((bin) => [bin.mean_score, ...bin.null_band] as const),
          },
        ],
        diagonal: true,
      },
    },
  ]
}

const AT_CUTS = ['precision', 'recall', 'specificity', 'f1', 'selection_rate'] as const

function thresholdParts({ thresholds, best_thresholds }: MetricsDocument): readonly PagePart[] {
  if (thresholds === null || thresholds.length === 0) return []
  const lines: PagePart = {
    kind: 'plot',
    title: 'Thresholds',
    about: 'What predictions would be like at other cuts: predicted positive where score > threshold.',
    plot: {
      type: 'lines',
      x: { label: 'threshold' },
      y: { label: 'value' },
      series: AT_CUTS.map((name) => ({
        name,
        points: thresholds.map((point) => [point.threshold, point[name]] as const),
      })),
    },
  }
  const table: PagePart = {
    kind: 'table',
    title: 'Threshold table',
    columns: ['threshold', ...AT_CUTS].map((name) => ({ name, align: 'right' as const })),
    rows: thresholds.map((point) => [valueText(point.threshold), ...AT_CUTS.map((name) => valueText(point[name]))]),
  }
  const best: PagePart = {
    kind: 'table',
    title: 'Best cuts',
    about:
      'Chosen on these very rows, so the values are rather too good. A cut belongs to a version: change it as one.',
    columns: [{ name: 'best by' }, { name: 'threshold', align: 'right' }, { name: 'value', align: 'right' }],
    rows: (best_thresholds ?? []).map(({ metric, threshold, value }) => [
      metric,
      valueText(threshold),
      valueText(value),
    ]),
  }
  return [lines, table, best]
}

function sliceParts({ slices, confidence }: MetricsDocument): readonly PagePart[] {
  const [first] = slices
  if (first === undefined) return []
  const names = Object.keys(first.metrics)
  const shown = names.includes('roc_auc') ? 'roc_auc' : names[0]!
  const table: PagePart = {
    kind: 'table',
    title: 'Slices',
    columns: [
      { name: 'slice' },
      { name: 'rows', align: 'right' },
      ...names.map((name) => ({ name, align: 'right' as const })),
    ],
    rows: slices.map(({ slice, rows, metrics }) => [
      slice,
      String(rows),
      ...names.map((name) => valueText(metrics[name]!.value)),
    ]),
  }
  const plot: PagePart = {
    kind: 'plot',
    title: `${shown} by slice`,
    about: `Each interval holds ${levelText(confidence)} of the time by itself: of twenty slices one lies outside by chance.`,
    plot: {
      type: 'bars',
      bars: slices.map(({ slice, metrics }) => ({
        label: slice,
        value: metrics[shown]!.value,
        interval: metrics[shown]!.interval,
      })),
    },
  }
  return [table, plot]
}

function worstParts({ worst_slices }: MetricsDocument): readonly PagePart[] {
  const [first] = worst_slices
  if (first === undefined) return []
  return [
    {
      kind: 'plot',
      title: 'Worst slices',
      about: `How much more ${first.loss} than the rest. Found on one half of the rows, measured on the other: a reason to look, never to judge.`,
      plot: {
        type: 'bars',
        bars: worst_slices.map(({ slice, difference, interval, is_worse }) => ({
          label: slice,
          value: difference,
          interval,
          tone: is_worse ? ('bad' as const) : ('quiet' as const),
        })),
        limit: 0,
      },
    },
  ]
}
