import { intervalText, numberText } from '../../gates/number-text.ts'
import type { Interval } from '../../statistics/estimate.ts'

/** A number as people read it, `-` where there is none. */
export function valueText(value: number | null): string {
  return value === null ? '-' : numberText(value)
}

/** `[0.86, 0.88]`, `-` where there is none. */
export function rangeText(interval: Interval | null): string {
  return interval === null ? '-' : intervalText(interval)
}

/** `95 %` */
export function levelText(confidence: number): string {
  return `${numberText(confidence * 100, 4)} %`
}

/** `1 row` or `8,000 rows`. */
export function rowsText(rows: number): string {
  return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`
}

const FIRST = ['roc_auc', 'accuracy', 'rmse']

/** The number that people ask for first, in a sentence. */
export function firstMetricText(measured: {
  readonly metrics: Readonly<Record<string, { readonly value: number | null; readonly interval: Interval | null }>>
  readonly rows: number
}): string {
  const { metrics, rows } = measured
  const name = FIRST.find((one) => typeof metrics[one]?.value === 'number')
  const metric = name === undefined ? undefined : metrics[name]
  if (metric === undefined) return `No number could be taken of ${rowsText(rows)}.`
  const range = metric.interval === null ? '' : ` ${rangeText(metric.interval)}`
  return `${name} is ${valueText(metric.value)}${range} on ${rowsText(rows)}.`
}
