import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const FAIRNESS_COMMAND: CommandSpec = {
  name: 'fairness',
  about: 'Groups and disparities of a table of predictions, with intervals.',
  positionals: [],
  options: {
    data: { type: 'string', value: 'TABLE', required: true, about: 'Rows with labels, answers and groups.' },
    label: { type: 'string', value: 'COLUMN', required: true, about: 'The true answer.' },
    prediction: { type: 'string', value: 'COLUMN', about: 'The answer: a class, or the number of a regression.' },
    score: { type: 'string', value: 'COLUMN', about: 'Probability of the positive class.' },
    threshold: { type: 'string', value: 'NUMBER', about: 'Without --prediction: score > threshold; default 0.5.' },
    positive: { type: 'string', value: 'VALUE', about: 'The label that counts as positive; default 1.' },
    task: {
      type: 'string',
      value: 'TASK',
      choices: ['binary', 'multiclass', 'regression'],
      about: 'Default binary.',
    },
    across: {
      type: 'string',
      value: 'COLUMNS',
      multiple: true,
      required: true,
      about: 'Compare groups of this column; a comma crosses columns; may be repeated.',
    },
    privileged: {
      type: 'string',
      value: 'COLUMN=VALUE',
      multiple: true,
      about: 'Compare all others with this group (AIF360); default: all with each other (fairlearn).',
    },
    'min-rows': { type: 'string', value: 'ROWS', about: 'Smallest denominator of a rate that counts; default 30.' },
    unit: { type: 'string', value: 'COLUMN', about: 'Rows of one unit belong together; intervals are then clustered.' },
    weight: { type: 'string', value: 'COLUMN', about: 'How much a row counts.' },
    where: { type: 'string', value: 'EXPR', about: 'Only these rows, such as "age >= 25".' },
    confidence: { type: 'string', value: 'LEVEL', about: 'Two-sided level of all intervals; default 0.95.' },
    limit: {
      type: 'string',
      value: 'NAME=VALUE',
      multiple: true,
      about: 'Say where a disparity lies beside a limit, and how many rows would decide.',
    },
    public: { type: 'boolean', about: 'Merge small groups, so that nobody can be told from the numbers.' },
    'min-cell': { type: 'string', value: 'ROWS', about: 'With --public: cells under this are small; default 10.' },
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge fairness --data scored.parquet --label y --prediction c --across sex --across sex,race',
    'weighbridge fairness --data scored.csv --label y --score p --across sex --privileged sex=Male --html fairness.html',
  ],
  load: () => import('./fairness.ts'),
}
