import { countText, exactText, intervalText, listText, numberText, percentText } from '../../gates/number-text.ts'
import type { EstimatedDocument, EstimatedQuality } from '../../measuring/estimated-quality.ts'
import type { Page, PagePart } from '../page/page.ts'

/** The page of `metrics --without-labels`. */
export function estimatedPage(document: EstimatedDocument, window: string, calibration: string): Page {
  const { estimated, engine, confidence, warnings } = document
  const { rows, because } = estimated
  const names = Object.keys(estimated.metrics)
  return {
    title: 'Metrics without labels',
    lead:
      names.length === 0 ? `No estimate: ${because ?? 'no metric'}.` : `${leadOf(estimated)}, ${estimated.assumption}.`,
    facts: [
      { name: 'window', value: `${window}, ${countText(rows.window, 'rows')}` },
      { name: 'calibration', value: `${calibration}, ${countText(rows.calibration, 'rows')}` },
      { name: 'intervals', value: `two-sided, ${percentText(confidence)}` },
      { name: 'engine', value: engine },
    ],
    parts: names.length === 0 ? [] : estimatedQualityParts(estimated),
    warnings,
  }
}

function leadOf({ metrics }: EstimatedQuality): string {
  const { value, interval } = metrics.accuracy!
  return `Accuracy is estimated at ${numberOrNone(value)}${interval === null ? '' : ` ${intervalText(interval)}`}`
}

/** Metrics that nobody has labels for yet, with the one condition under which they hold. */
function estimatedQualityParts(estimated: EstimatedQuality): readonly PagePart[] {
  const { metrics, because, assumption } = estimated
  const names = Object.keys(metrics)
  if (names.length === 0) {
    return [{ kind: 'text', title: 'Estimated without labels', lines: [`No estimate: ${because ?? 'no metric'}.`] }]
  }
  return [
    {
      kind: 'table',
      title: 'Estimated without labels',
      about: `Holds ${assumption}. Beside it: the same method on the calibration rows, and what their labels say.`,
      columns: [
        { name: 'metric' },
        { name: 'estimate', align: 'right' },
        { name: `interval ${percentText(estimated.confidence)}` },
        { name: 'calibration: estimated', align: 'right' },
        { name: 'true', align: 'right' },
      ],
      rows: names.map((name) => rowOf(name, metrics[name]!)),
    },
    {
      kind: 'plot',
      title: 'Estimates with their intervals',
      plot: {
        type: 'bars',
        bars: names.map((name) => ({ label: name, value: metrics[name]!.value, interval: metrics[name]!.interval })),
      },
    },
    method(estimated),
  ]
}

function rowOf(name: string, { value, interval, because, on_calibration }: EstimatedQuality['metrics'][string]) {
  return [
    name,
    numberOrNone(value),
    interval === null ? (because ?? 'none') : intervalText(interval),
    numberOrNone(on_calibration.estimated),
    numberOrNone(on_calibration.realised),
  ]
}

function numberOrNone(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

function method({ rows, resamples, seed, support }: EstimatedQuality): PagePart {
  const { domain_classifier: domain } = support
  const inside = domain?.interval
    ? [
        `Inside what the calibration rows can tell: by ${listText(support.columns)}, a classifier tells the tables apart with AUC ${numberText(domain.auc!)} ${intervalText(domain.interval)}.`,
      ]
    : []
  return {
    kind: 'text',
    title: 'How this was estimated',
    lines: [
      `Isotonic calibration on ${countText(rows.calibration, 'rows')}, applied to ${countText(rows.window, 'rows')} (CBPE).`,
      `Intervals: ${exactText(resamples)} resamples of calibration rows, window rows and labels, seed ${exactText(seed)}.`,
      ...inside,
    ],
  }
}
