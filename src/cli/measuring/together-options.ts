import type { OptionSpec } from '../command.ts'

/** Options of `drift` that look further than the columns one by one. */
export const TOGETHER_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  multivariate: { type: 'boolean', about: 'Look at all columns together too: relations that changed. Advisory.' },
  score: { type: 'string', value: 'COLUMN', about: 'Scores of the model, against those of --evaluation.' },
  prediction: { type: 'string', value: 'COLUMN', about: 'Predictions of the model, against those of --evaluation.' },
  label: { type: 'string', value: 'COLUMN', about: 'Labels that have come, against those of --evaluation.' },
  'label-delay': { type: 'string', value: 'LENGTH', about: 'Labels count on days older than this, such as 30d.' },
  evaluation: {
    type: 'string',
    value: 'FILE',
    about: "The version's predictions on its evaluation set; default: --reference.",
  },
}
