import type { OptionSpec } from '../command.ts'

/** Options of `metrics` for a window whose labels have not come. */
export const WITHOUT_LABELS_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'without-labels': {
    type: 'boolean',
    about: 'Estimate the metrics of --data from its scores; labels stand in --calibration only.',
  },
  calibration: { type: 'string', value: 'FILE', about: "The version's evaluation set with scores and labels." },
  inputs: {
    type: 'string',
    value: 'A,B',
    about: 'Inputs of the model in both tables; default: all columns that are nothing else.',
  },
  critical: { type: 'string', value: 'A,B', about: 'Inputs that may not have drifted, else there is no estimate.' },
}
