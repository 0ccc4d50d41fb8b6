import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'
import { SCORED_OPTIONS } from './scored-options.ts'
import { WITHOUT_LABELS_OPTIONS } from './without-labels-options.ts'

/** `metrics`: how good one table of predictions is. */
export const METRICS_COMMAND: CommandSpec = {
  name: 'metrics',
  about: 'Metrics of a table of predictions, with intervals, curves, thresholds and slices.',
  positionals: [],
  options: {
    data: { type: 'string', value: 'FILE', required: true, about: 'Label and answers, one row each.' },
    ...SCORED_OPTIONS,
    slices: {
      type: 'string',
      value: 'COLUMNS',
      about: "Columns to slice by, joined by commas; '*' takes all others of the table.",
    },
    ...WITHOUT_LABELS_OPTIONS,
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge metrics --data predictions.parquet --label y --score p --slices sex,age',
    'weighbridge metrics --data predictions.parquet --label y --score-prefix score_',
    'weighbridge metrics --data last-week.parquet --score p --label y --without-labels --calibration evaluation.parquet',
  ],
  load: () => import('./metrics.ts'),
}
