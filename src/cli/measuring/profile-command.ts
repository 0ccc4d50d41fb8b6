import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const PROFILE_COMMAND: CommandSpec = {
  name: 'profile',
  about:
    'Profiles a table in one pass: one small JSON that can be merged with others and compared; or the reference of a version, made once and kept.',
  positionals: [{ name: 'model@version', required: false }],
  options: {
    data: { type: 'string', value: 'TABLE', multiple: true, about: 'The table: a file, a glob, - or s3://.' },
    out: { type: 'string', value: 'FILE', about: 'Where the profile is written: a file, or s3://.' },
    columns: { type: 'string', value: 'COLUMNS', about: 'Only these, as age,plan; default: all.' },
    reference: {
      type: 'string',
      value: 'FILE',
      about: 'A profile, or model@version: numbers are counted on its edges too.',
    },
    model: {
      type: 'string',
      value: 'FILE',
      about: 'model.yml: values of personal columns, and of those it does not describe, are not written.',
    },
    ...MEASURING_OPTIONS,
  },
  examples: [
    "weighbridge profile --data 'part-*.parquet' --out profile.json",
    'weighbridge profile --data today.parquet --reference profile.json --model models/churn/model.yml --out today.json',
    'weighbridge profile churn@1.4.0 --out reference.json',
  ],
  load: () => import('./profile.ts'),
}
