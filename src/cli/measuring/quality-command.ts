import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const QUALITY_COMMAND: CommandSpec = {
  name: 'quality',
  about: 'What to know of a table before believing numbers of it: columns, values, duplicates, leaks.',
  positionals: [],
  options: {
    data: { type: 'string', value: 'TABLE', required: true, about: 'The table to look at.' },
    model: {
      type: 'string',
      value: 'FILE',
      about: 'A model.yml: columns, types, ranges and categories to hold it to.',
    },
    reference: { type: 'string', value: 'TABLE', about: 'The training rows: overlap, times, columns and categories.' },
    id: { type: 'string', value: 'COLUMN', about: 'Names each row; default: that of model.yml.' },
    label: { type: 'string', value: 'COLUMN', about: 'The true answer; default: that of model.yml.' },
    time: { type: 'string', value: 'COLUMN', about: 'When each row was; default: that of model.yml.' },
    prediction: { type: 'string', value: 'COLUMN', about: 'The answer of the model.' },
    score: { type: 'string', value: 'COLUMN', about: 'Its probability of the positive class.' },
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge quality --data evaluation.parquet --reference train.parquet --id row_id --label y',
    'weighbridge quality --data evaluation.parquet --model models/churn/model.yml --html quality.html',
  ],
  load: () => import('./quality.ts'),
}
