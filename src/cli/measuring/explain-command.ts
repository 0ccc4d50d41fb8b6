import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const EXPLAIN_COMMAND: CommandSpec = {
  name: 'explain',
  about: 'Says which columns move a model: permutation importance, Shapley values, curves, counterfactuals.',
  positionals: [],
  options: {
    model: { type: 'string', value: 'FILE', required: true, about: 'The ONNX model; it runs in a process of its own.' },
    data: { type: 'string', value: 'FILE', required: true, about: 'Rows to measure on: the evaluation set.' },
    features: {
      type: 'string',
      value: 'A,B,...',
      about: 'Columns of a single tensor input, in the order of training.',
    },
    record: { type: 'string', value: 'FILE', about: 'The version record: features, classes and threshold.' },
    label: { type: 'string', value: 'COLUMN', about: 'The true answer; importance needs it.' },
    task: {
      type: 'string',
      value: 'TASK',
      choices: ['binary', 'multiclass', 'regression'],
      about: 'Default: what the outputs look like.',
    },
    positive: { type: 'string', value: 'VALUE', about: 'The class whose score the rows are explained by; default 1.' },
    threshold: { type: 'string', value: 'NUMBER', about: 'prediction = score > threshold; default 0.5.' },
    metric: {
      type: 'string',
      value: 'METRIC',
      about: 'What a column is worth; default roc_auc, roc_auc_ovr_macro of several classes, r2 of a regression.',
    },
    repeats: { type: 'string', value: 'N', about: 'Permutations of each column; default 20.' },
    seed: { type: 'string', value: 'N', about: 'Seed of all chance; default 0.' },
    sample: { type: 'string', value: 'ROWS', about: 'Rows that importance looks at, at most; default 20000.' },
    background: { type: 'string', value: 'FILE', about: 'Rows to compare with; default 100 rows of the data.' },
    rows: { type: 'string', value: 'FILE', about: 'Rows to explain; default the first 5 of the data.' },
    'partial-dependence': { type: 'string', value: 'A,B,...', about: 'Columns whose curves are wanted.' },
    counterfactual: {
      type: 'string',
      value: 'ROW',
      about: 'The smallest change that turns this row, counted from 0 in --rows or else --data.',
    },
    fixed: { type: 'string', value: 'A,B,...', about: 'Columns that a counterfactual leaves as they are.' },
    compare: { type: 'string', value: 'FILE', about: 'Another model: how far importance has moved from it.' },
    'compare-record': { type: 'string', value: 'FILE', about: 'Its version record.' },
    timeout: { type: 'string', value: 'SECONDS', about: 'Time that a model may take in all; default 600.' },
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge explain --model m.onnx --data evaluation.parquet --label y',
    'weighbridge explain --model m.onnx --data evaluation.csv --features age,income --counterfactual 3 --fixed age',
  ],
  load: () => import('./explain.ts'),
}
