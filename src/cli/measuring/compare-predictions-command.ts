import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'
import { SCORED_OPTIONS } from './scored-options.ts'

/** `compare-predictions`: two models on the same rows. */
export const COMPARE_PREDICTIONS_COMMAND: CommandSpec = {
  name: 'compare-predictions',
  about: 'Compares two models on the same rows: paired differences b - a, with intervals and tests.',
  positionals: [],
  options: {
    a: { type: 'string', value: 'FILE', required: true, about: 'Predictions of one model.' },
    b: { type: 'string', value: 'FILE', required: true, about: 'Predictions of the other, on the same rows.' },
    ...SCORED_OPTIONS,
    ...MEASURING_OPTIONS,
  },
  examples: ['weighbridge compare-predictions --a old.parquet --b new.parquet --id row_id --label y --score p'],
  load: () => import('./compare-predictions.ts'),
}
