import type { Interval } from '../../statistics/estimate.ts'
import type { Page } from '../page/page.ts'
import { firstMetricText, rangeText, valueText } from './metric-text.ts'

/** `evaluate --json`, as far as its page shows it. */
export interface Evaluated {
  readonly model: string
  readonly version: string
  readonly rows: number
  readonly exam: { readonly uri: string; readonly digest: string }
  readonly provenance: string
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly value: number | null
        readonly interval: Interval | null
        readonly method?: string | null
        readonly because?: string
      }
    >
  >
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
}

/** A version on its exam as people read it. */
export function evaluationPage({ model, version, rows, exam, provenance, metrics, warnings }: Evaluated): Page {
  return {
    title: `${model} ${version} on its exam`,
    lead: firstMetricText({ metrics, rows }),
    facts: [
      { name: 'exam', value: exam.uri },
      { name: 'digest', value: exam.digest },
      { name: 'provenance', value: provenance },
    ],
    parts: [
      {
        kind: 'table',
        title: 'Metrics',
        columns: [
          { name: 'metric' },
          { name: 'value', align: 'right' },
          { name: 'interval 95 %', align: 'right' },
          { name: 'method' },
        ],
        rows: Object.entries(metrics).map(([name, { value, interval, method, because }]) => [
          name,
          valueText(value),
          rangeText(interval),
          (value === null ? because : method) ?? '',
        ]),
      },
    ],
    warnings,
  }
}
