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
