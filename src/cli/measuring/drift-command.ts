import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'
import { TOGETHER_OPTIONS } from './together-options.ts'

/** `weighbridge drift`. */
export const DRIFT_COMMAND: CommandSpec = {
  name: 'drift',
  about: 'What moved between two tables, column by column and overall.',
  positionals: [],
  options: {
    reference: {
      type: 'string',
      value: 'FILE',
      required: true,
      about: 'The reference window: a table, a profile, or model@version for the kept profile of its reference.',
    },
    current: { type: 'string', value: 'FILE', required: true, about: 'The current window: a table or a profile.' },
    columns: { type: 'string', value: 'A,B', about: 'Columns to compare; default: all numbers, categories, booleans.' },
    tests: {
      type: 'string',
      value: 'NAMES',
      about: 'Statistics to show: default, all, or names such as ks,psi.',
    },
    by: { type: 'string', value: 'TEST', about: 'Decide by one statistic and --max instead of the default test.' },
    max: { type: 'string', value: 'NUMBER', about: 'The limit of --by, on its own scale.' },
    preset: {
      type: 'string',
      value: 'TOOL',
      choices: ['evidently', 'nannyml', 'deepchecks', 'alibi'],
      about: "Another tool's tests, numbers and decisions; our findings stand beside them.",
    },
    correction: {
      type: 'string',
      value: 'RULE',
      choices: ['bonferroni', 'fdr'],
      about: 'How --preset alibi allows for many columns; default bonferroni.',
    },
    'min-effect': { type: 'string', value: 'NUMBER', about: 'Smallest score that matters, 0 to 1; default 0.05.' },
    'max-drifted-share': {
      type: 'string',
      value: 'NUMBER',
      about: 'The whole drifted from this share of the columns on; default 0.3.',
    },
    critical: { type: 'string', value: 'A,B', about: 'Columns of which each alone makes the whole drifted.' },
    importance: { type: 'string', value: 'FILE', about: 'JSON of explain: columns count by their importance.' },
    model: { type: 'string', value: 'FILE', about: 'model.yml: types, personal columns and the time column.' },
    time: { type: 'string', value: 'COLUMN', about: 'Column of times, for --calibrate windows and --season.' },
    calibrate: {
      type: 'string',
      value: 'BY',
      choices: ['rows', 'windows'],
      about: 'windows: thresholds allow for what windows of time within the reference show anyhow.',
    },
    window: { type: 'string', value: 'LENGTH', about: 'Length of those windows, such as 12h, 7d, 4w; default 7d.' },
    season: {
      type: 'string',
      value: 'SEASON',
      choices: ['none', 'week', 'year'],
      about: 'Compare with the same weekdays, or the same days a year before.',
    },
    ...TOGETHER_OPTIONS,
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge drift --reference train.parquet --current last-week.parquet',
    'weighbridge drift --reference churn@1.4.0 --current last-week.parquet',
    'weighbridge drift --reference train.parquet --current today.csv --preset evidently --json',
    'weighbridge drift --reference train.parquet --current last-week.parquet --time ts --calibrate windows --window 7d',
    'weighbridge drift --reference evaluation.parquet --current last-week.parquet --multivariate --score p --label y',
  ],
  load: () => import('./drift.ts'),
}
